#pragma once

#include <cstdint>

#include "harness/base/rng.h"
#include "harness/data/input.h"
#include "harness/data/resize.h"

namespace mra {

/// The random choices for one training picture. Applying them is deterministic.
struct CropDraw {
  Box box;               ///< part of the picture that is used
  bool flipped = false;  ///< left and right are swapped afterwards
};

/// Draws a random resized crop of a [height, width] picture, as torchvision does: up to ten tries
/// of area and ratio, else the largest central part with an allowed ratio. Then draws the flip.
CropDraw draw_crop(int height_px, int width_px, const InputOptions& input, Rng& rng);

/// Writes the drawn part of `image`, resized, to `out` [size_px, size_px, 3].
void apply_crop(const Image& image, const CropDraw& draw, const InputOptions& input,
                Resizer& resizer, uint8_t* out);

/// Prepares a picture for evaluation: resizes its shorter side to `resize_px`, then cuts out the
/// central square of `size_px`, its corner rounded half to even. `resize_px` ≥ `size_px`.
void center_crop(const Image& image, int resize_px, int size_px, ResizeFilter filter,
                 Resizer& resizer, uint8_t* out);

/// How a picture is prepared for evaluation: its resized size, and the part to cut out.
struct EvalGeometry {
  int height_px = 0, width_px = 0;  ///< of the resized picture
  Box window;
};
/// `square`: both sides become `resize_px`, whatever the aspect ratio; else the shorter side.
EvalGeometry eval_geometry(int64_t height_px, int64_t width_px, int resize_px, int size_px,
                           bool square);
/// Writes the window of the resized picture to `out` [size_px, size_px, 3].
void apply_evaluation(const Image& image, const EvalGeometry& geometry, ResizeFilter filter,
                      Resizer& resizer, uint8_t* out);

/// By how many pixels a [size_px, size_px, 3] picture is shifted.
struct Shift {
  int down_px = 0, right_px = 0;
};
/// Draws the shift of a random crop of the same size from a picture padded by `pad_px` on each
/// side. All shifts are equally likely.
Shift draw_shift(int pad_px, Rng& rng);
/// Writes the shifted picture to `to`. New pixels are reflected at the border, without repeating
/// the border pixels.
void shift_reflecting(const uint8_t* from, int size_px, const Shift& shift, uint8_t* to);

/// Reverses the columns of a [height, width, 3] picture.
void flip_columns(uint8_t* rgb, int height_px, int width_px);

}  // namespace mra
