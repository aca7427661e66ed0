#pragma once

#include <cstdint>

#include "harness/base/rng.h"
#include "harness/data/input.h"
#include "harness/data/resize.h"

namespace mra {

/// What is drawn for one training picture, apart from its application.
struct CropDraw {
  Box box;               ///< part of the picture that is kept
  bool flipped = false;  ///< left and right exchanged afterwards
};

/// Draws a random resized crop of a [height, width] picture, as torchvision does: up to ten tries
/// of area and ratio, else the largest central part whose ratio is allowed. Then draws the flip.
CropDraw draw_crop(int height_px, int width_px, const InputOptions& input, Rng& rng);

/// The drawn part of `image` as [size_px, size_px, 3] in `out`: cropped first, then resized.
void apply_crop(const Image& image, const CropDraw& draw, const InputOptions& input,
                Resizer& resizer, uint8_t* out);

/// The picture as it is evaluated: shorter side to `resize_px`, then the central `size_px` squared,
/// its corner rounded half to even. `resize_px` ≥ `size_px`.
void center_crop(const Image& image, int resize_px, int size_px, ResizeFilter filter,
                 Resizer& resizer, uint8_t* out);

/// How a picture is evaluated: resized, then seen through a window.
struct EvalGeometry {
  int height_px = 0, width_px = 0;  ///< of the resized picture
  Box window;
};
/// `square`: resized to `resize_px` squared, the aspect not kept; else the shorter side to that.
EvalGeometry eval_geometry(int64_t height_px, int64_t width_px, int resize_px, int size_px,
                           bool square);
/// The window of the resized picture as [size_px, size_px, 3] in `out`.
void apply_evaluation(const Image& image, const EvalGeometry& geometry, ResizeFilter filter,
                      Resizer& resizer, uint8_t* out);

/// How a [size_px, size_px, 3] picture is moved.
struct Shift {
  int down_px = 0, right_px = 0;
};
/// What a window of the same size sees in a picture padded by `pad_px` on each side: its place is
/// uniform.
Shift draw_shift(int pad_px, Rng& rng);
/// The picture `from` moved; what comes in is reflected at the border, whose own pixels do not come
/// twice.
void shift_reflecting(const uint8_t* from, int size_px, const Shift& shift, uint8_t* to);

/// Reverses the columns of a [height, width, 3] picture.
void flip_columns(uint8_t* rgb, int height_px, int width_px);

}  // namespace mra
