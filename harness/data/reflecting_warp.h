#pragma once

#include "harness/data/image.h"

namespace mra {

/// A turn and a scaling about (width/2, height/2), then a shift.
struct TurnAndShift {
  double degrees = 0;                         ///< counter-clockwise
  double scale = 1;                           ///< above 1: the content grows
  double shift_x_frac = 0, shift_y_frac = 0;  ///< of width and height; positive: right and down
};

/// Moves the content as OpenCV 4.6's warpAffine does bit for bit: bilinear between places known to
/// 1/32 pixel. Outside, the picture is reflected without repeating its edge.
void warp_reflecting(Image& image, const TurnAndShift& motion, Image& scratch);

}  // namespace mra
