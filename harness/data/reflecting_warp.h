#pragma once

#include "harness/data/image.h"

namespace mra {

/// A rotation and scaling about (width/2, height/2), followed by a shift.
struct TurnAndShift {
  double degrees = 0;                         ///< counter-clockwise
  double scale = 1;                           ///< above 1: enlarges the content
  double shift_x_frac = 0, shift_y_frac = 0;  ///< / width and height; positive: right and down
};

/// Moves the content bit for bit as OpenCV 4.6's warpAffine: bilinear, with places rounded to 1/32
/// pixel. Outside, the picture is reflected without repeating its border.
void warp_reflecting(Image& image, const TurnAndShift& motion, Image& scratch);

}  // namespace mra
