#pragma once

#include <array>

#include "harness/data/image.h"

namespace mra {

// Pillow's operations on 8-bit RGB pictures, bit for bit those of Pillow 9.4, and the few that
// policies add to them. All change a picture in place and keep its size. `factor` of an
// enhancement: 1 leaves the picture as it is.

using Rgb = std::array<uint8_t, 3>;

void invert(Image& image);
/// p < threshold ? p : 255 − p. 256 leaves the picture as it is.
void solarize(Image& image, double threshold);
/// p < 128 ? min(255, p + amount) : p.
void solarize_add(Image& image, int amount);
/// Keeps the top `bits` (0 … 8) of every value; 0 is black.
void posterize(Image& image, int bits);
/// Stretches each channel to 0 … 255.
void auto_contrast(Image& image);
/// Levels the histogram of each channel.
void equalize(Image& image);

void grayscale(Image& image);                                 ///< grey in all three channels
void color(Image& image, double factor);                      ///< 0: grey
void contrast(Image& image, double factor);                   ///< 0: the mean grey everywhere
void brightness(Image& image, double factor);                 ///< 0: black
void sharpness(Image& image, double factor, Image& scratch);  ///< 0: smoothed
void smooth(Image& image, Image& scratch);                    ///< Pillow's SMOOTH filter
/// torchvision's adjust_hue on a Pillow picture: `turns` (−0.5 … 0.5) of the colour circle.
void hue(Image& image, double turns);

/// Fills [top, bottom) × [left, right), clipped to the picture.
void fill_box(Image& image, int top, int bottom, int left, int right, Rgb fill);
/// Cutout of Fast AutoAugment: a square of `side_px` around a drawn centre, moved and clipped as
/// that code does, in its grey. Nothing when the side is not positive.
void cutout_rectangle(Image& image, double side_px, double center_x, double center_y);

enum class Resample { kNearest, kBilinear, kBicubic };

/// How a geometric operation reads the picture, and what stands outside it.
struct Sampling {
  Resample resample = Resample::kNearest;
  Rgb fill{0, 0, 0};
};

/// From the centre (x+½, y+½) of an output pixel to a place in the input:
/// (a·x + b·y + c, d·x + e·y + f).
using Affine = std::array<double, 6>;

void transform(Image& image, const Affine& matrix, const Sampling& sampling, Image& scratch);
/// Degrees counter-clockwise about the middle; quarter turns are exact where the size allows.
void rotate(Image& image, double degrees, const Sampling& sampling, Image& scratch);

}  // namespace mra
