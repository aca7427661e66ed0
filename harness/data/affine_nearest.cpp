#include <cmath>
#include <cstring>
#include <vector>

#include "harness/data/affine_parts.h"

namespace mra {

namespace {

/// Returns the input column (or row) that each output column (or row) is read from; −1: none. Adds
/// the steps one by one as Pillow does, because the rounding decides which pixel is used.
std::vector<int> places(double start, double step, int outputs, int inputs) {
  std::vector<int> found(static_cast<size_t>(outputs), -1);
  for (int& place : found) {
    const int cut = start < 0 ? -1 : int(start);
    if (cut < inputs) place = cut;
    start += step;
  }
  return found;
}

/// Copies four bytes at once, except for the last pixel. The next pixel overwrites the fourth.
void copy_wide(const uint8_t* from, const uint8_t* last, uint8_t* to) {
  if (from == last) return copy_pixel(from, to);
  std::memcpy(to, from, 4);
}

}  // namespace

void shift_nearest(const Image& from, const Affine& m, Rgb fill, Image& to) {
  const auto columns = places(m[2] + m[0] * 0.5, m[0], to.width_px, from.width_px);
  const auto rows = places(m[5] + m[4] * 0.5, m[4], to.height_px, from.height_px);
  const Span span = span_of(to.width_px, [&](int x) { return columns[size_t(x)] >= 0; });
  bool contiguous = true;
  for (int x = span.first; x < span.end; ++x)
    contiguous &= columns[size_t(x)] == columns[size_t(span.first)] + x - span.first;
  for (int y = 0; y < to.height_px; ++y) {
    const int row = rows[size_t(y)];
    fill_around(to, y, row < 0 ? Span{} : span, fill);
    if (row < 0 || span.first == span.end) continue;
    const uint8_t* in = from.row(row);
    if (contiguous) {
      std::memcpy(to.row(y) + 3 * span.first, in + 3 * columns[size_t(span.first)],
                  size_t(3 * (span.end - span.first)));
      continue;
    }
    for (int x = span.first; x < span.end; ++x)
      copy_pixel(in + 3 * columns[size_t(x)], to.row(y) + 3 * x);
  }
}

/// Uses 16.16 fixed point, as Pillow does.
void transform_nearest(const Image& from, const Affine& m, Rgb fill, Image& to) {
  const auto fixed = [](double value) { return int64_t(std::floor(value * 65536.0 + 0.5)); };
  const int64_t a0 = fixed(m[0]), a1 = fixed(m[1]), a2 = fixed(m[2] + m[0] * 0.5 + m[1] * 0.5);
  const int64_t a3 = fixed(m[3]), a4 = fixed(m[4]), a5 = fixed(m[5] + m[3] * 0.5 + m[4] * 0.5);
  const int64_t end_x = int64_t(from.width_px) << 16, end_y = int64_t(from.height_px) << 16;
  const uint8_t *first = from.rgb.data(), *last = first + from.rgb.size() - 3;
  const int64_t row_bytes = 3 * int64_t(from.width_px);
  for (int y = 0; y < to.height_px; ++y) {
    const int64_t start_x = a2 + a1 * y, start_y = a5 + a4 * y;
    const Span span = span_of(to.width_px, [&](int x) {
      const int64_t in_x = start_x + a0 * x, in_y = start_y + a3 * x;
      return in_x >= 0 && in_x < end_x && in_y >= 0 && in_y < end_y;
    });
    fill_around(to, y, span, fill);
    if (span.first == span.end) continue;
    int64_t in_x = start_x + a0 * span.first, in_y = start_y + a3 * span.first;
    if (a0 == 65536 && a3 == 0) {  // a horizontal shear: the pixels are neighbours there, too
      std::memcpy(to.row(y) + 3 * span.first, from.row(int(in_y >> 16)) + 3 * (in_x >> 16),
                  size_t(3 * (span.end - span.first)));
      continue;
    }
    const auto place = [&] { return first + (in_y >> 16) * row_bytes + 3 * (in_x >> 16); };
    uint8_t* out = to.row(y) + 3 * span.first;
    for (int x = span.first; x + 1 < span.end; ++x, in_x += a0, in_y += a3, out += 3)
      copy_wide(place(), last, out);
    copy_pixel(place(), out);
  }
}

}  // namespace mra
