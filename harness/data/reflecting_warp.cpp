#include "harness/data/reflecting_warp.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

namespace mra {

namespace {

// Places are summed in units of 1/1024 pixel and rounded to 1/32 pixel.
constexpr int kUnitsPerPixel = 1024;
constexpr int kStepBits = 5, kStepsPerPixel = 1 << kStepBits;
constexpr int kUnitsPerStepBits = 5, kHalfStep = 16;

/// Maps pixel corners to pixel corners: (a·x + b·y + c, d·x + e·y + f).
using Matrix = std::array<double, 6>;

Matrix matrix_of(const TurnAndShift& motion, int width_px, int height_px) {
  const double angle = motion.degrees * (std::numbers::pi / 180.0);
  const double a = motion.scale * std::cos(angle), b = motion.scale * std::sin(angle);
  const double x = width_px / 2.0, y = height_px / 2.0;
  return {a,  b, (1 - a) * x - b * y + motion.shift_x_frac * width_px,
          -b, a, b * x + (1 - a) * y + motion.shift_y_frac * height_px};
}

/// Returns zeros for a matrix without inverse; every place is then the first pixel.
Matrix inverse(const Matrix& m) {
  const double determinant = m[0] * m[4] - m[1] * m[3];
  const double factor = determinant != 0 ? 1.0 / determinant : 0.0;
  const double a = m[4] * factor, b = -m[1] * factor, d = -m[3] * factor, e = m[0] * factor;
  return {a, b, -a * m[2] - b * m[5], d, e, -d * m[2] - e * m[5]};
}

/// Rounds half to even. Limits the value so that a sum of two does not overflow.
int64_t in_units(double pixels) {
  constexpr double kMost = std::numeric_limits<int>::max();
  return std::llrint(std::clamp(pixels * kUnitsPerPixel, -kMost, kMost));
}

/// Reflects a place outside the picture into 0 … size−1.
int reflected(int64_t place, int size) {
  if (size == 1) return 0;
  const int64_t period = 2 * (int64_t(size) - 1);
  const int64_t folded = std::abs(place % period);
  return int(std::min(folded, period - folded));
}

/// Two neighbouring columns (or rows), and the weight of the second in 1/32.
struct Between {
  int first = 0, second = 0, share = 0;
};

Between between(int64_t steps, int size) {
  const int64_t place = steps >> kStepBits;
  return {reflected(place, size), reflected(place + 1, size), int(steps & (kStepsPerPixel - 1))};
}

void read_between(const Image& from, const Between& row, const Between& column, uint8_t* to) {
  const uint8_t* upper = from.row(row.first);
  const uint8_t* lower = from.row(row.second);
  for (int channel = 0; channel < 3; ++channel) {
    const int left = 3 * column.first + channel, right = 3 * column.second + channel;
    const auto along = [&](const uint8_t* in) {
      return in[left] * (kStepsPerPixel - column.share) + in[right] * column.share;
    };
    const int sum = along(upper) * (kStepsPerPixel - row.share) + along(lower) * row.share;
    to[channel] = uint8_t((sum + kStepsPerPixel * kStepsPerPixel / 2) >> (2 * kStepBits));
  }
}

}  // namespace

void warp_reflecting(Image& image, const TurnAndShift& motion, Image& scratch) {
  std::swap(image, scratch);
  image.resize(scratch.height_px, scratch.width_px);
  const Matrix m = inverse(matrix_of(motion, image.width_px, image.height_px));
  for (int y = 0; y < image.height_px; ++y) {
    const int64_t start_x = in_units(m[1] * y + m[2]) + kHalfStep;
    const int64_t start_y = in_units(m[4] * y + m[5]) + kHalfStep;
    for (int x = 0; x < image.width_px; ++x) {
      const int64_t steps_x = (start_x + in_units(m[0] * x)) >> kUnitsPerStepBits;
      const int64_t steps_y = (start_y + in_units(m[3] * x)) >> kUnitsPerStepBits;
      read_between(scratch, between(steps_y, image.height_px), between(steps_x, image.width_px),
                   image.row(y) + 3 * x);
    }
  }
}

}  // namespace mra
