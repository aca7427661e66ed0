#pragma once

#include <array>

#include "harness/data/image.h"

namespace mra {

// Pillow's operations on 8-bit RGB pictures, bit for bit those of Pillow 9.4, and a few others that
// policies need. All change a picture in place and keep its size. The `factor` of an enhancement: 1
// changes nothing.

using Rgb = std::array<uint8_t, 3>;

void invert(Image& image);
/// p < threshold ? p : 255 − p. A threshold of 256 changes nothing.
void solarize(Image& image, double threshold);
/// p < 128 ? min(255, p + amount) : p.
void solarize_add(Image& image, int amount);
/// Keeps the top `bits` (0 … 8) of every value; 0 gives black.
void posterize(Image& image, int bits);
/// Stretches the values of each channel to 0 … 255.
void auto_contrast(Image& image);
/// Equalizes the histogram of each channel.
void equalize(Image& image);

void grayscale(Image& image);                                 ///< grey in all three channels
void color(Image& image, double factor);                      ///< 0: grey
void contrast(Image& image, double factor);                   ///< 0: the mean grey everywhere
void brightness(Image& image, double factor);                 ///< 0: black
void sharpness(Image& image, double factor, Image& scratch);  ///< 0: smoothed
void smooth(Image& image, Image& scratch);                    ///< Pillow's SMOOTH filter
/// torchvision's adjust_hue for Pillow pictures. `turns`: −0.5 … 0.5 of the colour circle.
void hue(Image& image, double turns);

/// Fills rows [top, bottom), columns [left, right), clipped to the picture.
void fill_box(Image& image, int top, int bottom, int left, int right, Rgb fill);
/// Cutout of Fast AutoAugment: fills a square of `side_px` around a drawn centre, shifted and
/// clipped as in its code, with its grey. Does nothing for a side ≤ 0.
void cutout_rectangle(Image& image, double side_px, double center_x, double center_y);

enum class Resample { kNearest, kBilinear, kBicubic };

/// How a geometric operation interpolates, and the colour of pixels from outside the picture.
struct Sampling {
  Resample resample = Resample::kNearest;
  Rgb fill{0, 0, 0};
};

/// Maps the centre (x+½, y+½) of an output pixel to a place in the input:
/// (a·x + b·y + c, d·x + e·y + f).
using Affine = std::array<double, 6>;

void transform(Image& image, const Affine& matrix, const Sampling& sampling, Image& scratch);
/// Rotates counter-clockwise about the centre; quarter turns are exact if the size allows.
void rotate(Image& image, double degrees, const Sampling& sampling, Image& scratch);

}  // namespace mra
