#pragma once

#include "harness/data/image_ops.h"

namespace mra {

// What the files of geometric operations share.

inline void copy_pixel(const uint8_t* from, uint8_t* to) {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = from[2];
}

/// Columns [first, end) of a row. What a place of the input is computed from grows or falls along
/// a row, so those whose place lies inside it are neighbours.
struct Span {
  int first = 0, end = 0;
};

template <typename Inside>
Span span_of(int width_px, Inside inside) {
  Span span{0, width_px};
  while (span.first < width_px && !inside(span.first)) ++span.first;
  while (span.end > span.first && !inside(span.end - 1)) --span.end;
  return span;
}

/// Fills what lies left and right of the span.
inline void fill_around(Image& image, int y, const Span& span, Rgb fill) {
  fill_box(image, y, y + 1, 0, span.first, fill);
  fill_box(image, y, y + 1, span.end, image.width_px, fill);
}

/// transform() without a filter; the matrix has no shear or turn, or any. `from` and `to` are of
/// one size.
void shift_nearest(const Image& from, const Affine& m, Rgb fill, Image& to);
void transform_nearest(const Image& from, const Affine& m, Rgb fill, Image& to);

}  // namespace mra
