#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <vector>

#include "harness/data/image_ops.h"

namespace mra {

namespace {

void copy_pixel(const uint8_t* from, uint8_t* to) {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = from[2];
}

/// Columns (or rows) of the input that the output's are read from; −1: none. The place is added up
/// as Pillow does, since its rounding decides which pixel is taken.
std::vector<int> places(double start, double step, int outputs, int inputs) {
  std::vector<int> found(static_cast<size_t>(outputs), -1);
  for (int& place : found) {
    const int cut = start < 0 ? -1 : int(start);
    if (cut < inputs) place = cut;
    start += step;
  }
  return found;
}

/// Nearest, without shear or turn.
void shift_nearest(const Image& from, const Affine& m, Image& to) {
  const auto columns = places(m[2] + m[0] * 0.5, m[0], to.width_px, from.width_px);
  const auto rows = places(m[5] + m[4] * 0.5, m[4], to.height_px, from.height_px);
  for (int y = 0; y < to.height_px; ++y) {
    if (rows[size_t(y)] < 0) continue;
    const uint8_t* in = from.row(rows[size_t(y)]);
    for (int x = 0; x < to.width_px; ++x)
      if (const int column = columns[size_t(x)]; column >= 0)
        copy_pixel(in + 3 * column, to.row(y) + 3 * x);
  }
}

/// Nearest in 16.16 fixed point.
void transform_nearest(const Image& from, const Affine& m, Image& to) {
  const auto fixed = [](double value) { return int64_t(std::floor(value * 65536.0 + 0.5)); };
  const int64_t a0 = fixed(m[0]), a1 = fixed(m[1]), a2 = fixed(m[2] + m[0] * 0.5 + m[1] * 0.5);
  const int64_t a3 = fixed(m[3]), a4 = fixed(m[4]), a5 = fixed(m[5] + m[3] * 0.5 + m[4] * 0.5);
  for (int y = 0; y < to.height_px; ++y) {
    int64_t in_x = a2 + a1 * y, in_y = a5 + a4 * y;
    for (int x = 0; x < to.width_px; ++x, in_x += a0, in_y += a3) {
      const int64_t column = in_x >> 16, row = in_y >> 16;
      if (column >= 0 && column < from.width_px && row >= 0 && row < from.height_px)
        copy_pixel(from.row(int(row)) + 3 * column, to.row(y) + 3 * x);
    }
  }
}

/// What a filter reads around one place: `taps` columns from `left` on, all clamped, and the
/// fraction of a pixel that the place lies beyond.
struct Around {
  int left = 0, top = 0;
  double dx = 0, dy = 0;
};

int clamped(int place, int size) {
  return std::clamp(place, 0, size - 1);
}

double linear(double a, double b, double d) {
  return a + (b - a) * d;
}

double cubic(double v1, double v2, double v3, double v4, double d) {
  const double p2 = -v1 + v3, p3 = 2 * (v1 - v2) + v3 - v4, p4 = -v1 + v2 - v3 + v4;
  return v2 + d * (p2 + d * (p3 + d * p4));
}

uint8_t bilinear_at(const Image& from, const Around& at, int channel) {
  const int left = 3 * clamped(at.left, from.width_px) + channel;
  const int right = 3 * clamped(at.left + 1, from.width_px) + channel;
  const auto along = [&](int row) {
    const uint8_t* in = from.row(row);
    return linear(in[left], in[right], at.dx);
  };
  const double upper = along(clamped(at.top, from.height_px));
  const bool has_lower = at.top + 1 >= 0 && at.top + 1 < from.height_px;
  return uint8_t(linear(upper, has_lower ? along(at.top + 1) : upper, at.dy));
}

uint8_t bicubic_at(const Image& from, const Around& at, int channel) {
  int columns[4];
  for (int i = 0; i < 4; ++i) columns[i] = 3 * clamped(at.left - 1 + i, from.width_px) + channel;
  const auto along = [&](int row) {
    const uint8_t* in = from.row(row);
    return cubic(in[columns[0]], in[columns[1]], in[columns[2]], in[columns[3]], at.dx);
  };
  double rows[4];
  rows[0] = along(clamped(at.top - 1, from.height_px));
  for (int i = 1; i < 4; ++i) {
    const int row = at.top - 1 + i;
    rows[i] = row >= 0 && row < from.height_px ? along(row) : rows[i - 1];
  }
  const double value = cubic(rows[0], rows[1], rows[2], rows[3], at.dy);
  return value <= 0 ? 0 : value >= 255 ? 255 : uint8_t(value);
}

template <typename Filter>
void transform_filtered(const Image& from, const Affine& m, Image& to, Filter filter) {
  for (int y = 0; y < to.height_px; ++y) {
    for (int x = 0; x < to.width_px; ++x) {
      const double in_x = m[0] * (x + 0.5) + m[1] * (y + 0.5) + m[2];
      const double in_y = m[3] * (x + 0.5) + m[4] * (y + 0.5) + m[5];
      if (in_x < 0 || in_x >= from.width_px || in_y < 0 || in_y >= from.height_px) continue;
      Around at;
      at.left = int(std::floor(in_x - 0.5));
      at.top = int(std::floor(in_y - 0.5));
      at.dx = in_x - 0.5 - at.left;
      at.dy = in_y - 0.5 - at.top;
      for (int channel = 0; channel < 3; ++channel)
        to.row(y)[3 * x + channel] = filter(from, at, channel);
    }
  }
}

/// As Python's round(value, 15).
double to_15_decimals(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.15f", value);
  return std::strtod(text, nullptr);
}

/// Quarter turns counter-clockwise of a picture of which the size allows it.
void turn_exactly(Image& image, int quarters, Image& scratch) {
  std::swap(image, scratch);
  image.resize(scratch.height_px, scratch.width_px);
  const int last_x = image.width_px - 1, last_y = image.height_px - 1;
  for (int y = 0; y <= last_y; ++y)
    for (int x = 0; x <= last_x; ++x) {
      const int in_x = quarters == 1 ? last_x - y : quarters == 2 ? last_x - x : y;
      const int in_y = quarters == 1 ? x : quarters == 2 ? last_y - y : last_y - x;
      copy_pixel(scratch.row(in_y) + 3 * in_x, image.row(y) + 3 * x);
    }
}

}  // namespace

void transform(Image& image, const Affine& matrix, const Sampling& sampling, Image& scratch) {
  std::swap(image, scratch);
  image.resize(scratch.height_px, scratch.width_px);
  fill_box(image, 0, image.height_px, 0, image.width_px, sampling.fill);
  if (sampling.resample == Resample::kBilinear)
    transform_filtered(scratch, matrix, image, bilinear_at);
  else if (sampling.resample == Resample::kBicubic)
    transform_filtered(scratch, matrix, image, bicubic_at);
  else if (matrix[1] == 0 && matrix[3] == 0)
    shift_nearest(scratch, matrix, image);
  else
    transform_nearest(scratch, matrix, image);
}

void rotate(Image& image, double degrees, const Sampling& sampling, Image& scratch) {
  degrees = std::fmod(degrees, 360.0);
  if (degrees < 0) degrees += 360.0;
  if (degrees == 0) return;
  if (degrees == 180) return turn_exactly(image, 2, scratch);
  const bool square = image.width_px == image.height_px;
  if (square && (degrees == 90 || degrees == 270))
    return turn_exactly(image, degrees == 90 ? 1 : 3, scratch);
  const double angle = -degrees * (std::numbers::pi / 180.0);
  const double cosine = to_15_decimals(std::cos(angle)), sine = to_15_decimals(std::sin(angle));
  const double x = image.width_px / 2.0, y = image.height_px / 2.0;
  const double minus_sine = to_15_decimals(-std::sin(angle));
  transform(image,
            {cosine, sine, cosine * -x + sine * -y + x, minus_sine, cosine,
             minus_sine * -x + cosine * -y + y},
            sampling, scratch);
}

}  // namespace mra
