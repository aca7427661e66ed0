#pragma once

#include "harness/data/image_ops.h"

namespace mra {

// Helpers of the geometric operations in affine.cpp and affine_nearest.cpp.

inline void copy_pixel(const uint8_t* from, uint8_t* to) {
  to[0] = from[0];
  to[1] = from[1];
  to[2] = from[2];
}

/// Columns [first, end) of an output row whose places are inside the input. They are neighbours,
/// because the places along a row move in one direction.
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

/// Fills the pixels left and right of the span.
inline void fill_around(Image& image, int y, const Span& span, Rgb fill) {
  fill_box(image, y, y + 1, 0, span.first, fill);
  fill_box(image, y, y + 1, span.end, image.width_px, fill);
}

/// The places in the input of the pixels of an output row.
struct RowPlaces {
  const double *column_x = nullptr, *column_y = nullptr;  ///< the share of each column
  double row_x = 0, row_y = 0;                            ///< the share of the row
  double c = 0, f = 0;                                    ///< of the matrix

  double x(int column) const { return column_x[column] + row_x + c; }
  double y(int column) const { return column_y[column] + row_y + f; }
};

/// Interpolates the pixels of a row from the start of `span` on, four at a time, as long as all
/// that it reads lies inside `from`. Returns the first column that is left. Needs AVX2.
int bilinear_fours(const Image& from, const RowPlaces& places, const Span& span, uint8_t* row);

/// transform() without interpolation: shift_nearest() for a matrix without shear or rotation,
/// transform_nearest() for any. `from` and `to` have the same size.
void shift_nearest(const Image& from, const Affine& m, Rgb fill, Image& to);
void transform_nearest(const Image& from, const Affine& m, Rgb fill, Image& to);

}  // namespace mra
