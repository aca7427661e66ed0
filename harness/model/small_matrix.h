// Products of small matrices for one instruction set. The file that includes this one defines what
// vectors.h asks for, and in namespace mra:
//   kTileSums      the sums of a tile of a product, in vectors, that fit the registers;
//   kTileVectors   the most vectors of a tile's row.
#include <algorithm>
#include <bit>

#include "harness/model/vectors.h"

namespace mra {
namespace {

/// A matrix whose entry (i, k) lies at data[i·row + k·column]: a transposed one swaps the steps.
struct Left {
  const float* data;
  int64_t row, column;

  Left from_row(int64_t i) const { return {data + i * row, row, column}; }
};

/// A matrix with its columns side by side.
template <typename Float>
struct Rows {
  Float* data;
  int64_t row;

  Rows at(int64_t i, int64_t column) const { return {data + i * row + column, row}; }
};

/// C = A·B, or with kAdds C += A·B, for kRows rows and kVectors vectors of columns.
template <bool kAdds, int kRows, int kVectors>
WITH_ISA inline void tile(Left a, Rows<const float> b, int64_t depth, Rows<float> c) {
  Vector sum[kRows][kVectors];
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v)
      sum[r][v] = kAdds ? load(c.data + r * c.row + v * kLanes) : Vector{};
  for (int64_t k = 0; k < depth; ++k) {
    Vector right[kVectors];
    for (int v = 0; v < kVectors; ++v) right[v] = load(b.data + k * b.row + v * kLanes);
    for (int r = 0; r < kRows; ++r) {
      const float left = a.data[r * a.row + k * a.column];
      for (int v = 0; v < kVectors; ++v) sum[r][v] += left * right[v];
    }
  }
  for (int r = 0; r < kRows; ++r)
    for (int v = 0; v < kVectors; ++v) store(c.data + r * c.row + v * kLanes, sum[r][v]);
}

/// Rows from `first` on, in tiles of kRows; what is left in tiles of half as many, and so on.
template <bool kAdds, int kVectors, int kRows>
WITH_ISA inline void all_rows(Left a, Rows<const float> b, int64_t first, int64_t rows,
                              int64_t depth, Rows<float> c) {
  for (; first + kRows <= rows; first += kRows)
    tile<kAdds, kRows, kVectors>(a.from_row(first), b, depth, c.at(first, 0));
  if constexpr (kRows > 1)
    if (first < rows) all_rows<kAdds, kVectors, kRows / 2>(a, b, first, rows, depth, c);
}

/// C = A·B, or with kAdds C += A·B: [rows,depth]·[depth,columns], where `columns` are whole
/// vectors.
template <bool kAdds = false>
WITH_ISA void multiply(Left a, Rows<const float> b, int64_t rows, int64_t depth, int64_t columns,
                       Rows<float> c) {
  constexpr auto rows_of = [](int vectors) {
    return int(std::bit_floor(unsigned(kTileSums / vectors)));
  };
  int64_t vectors = columns / kLanes;
  for (int64_t tiles = (vectors + kTileVectors - 1) / kTileVectors; tiles > 0; --tiles) {
    const int64_t width = (vectors + tiles - 1) / tiles;
    if (width == 1) all_rows<kAdds, 1, rows_of(1)>(a, b, 0, rows, depth, c);
    if (width == 2) all_rows<kAdds, 2, rows_of(2)>(a, b, 0, rows, depth, c);
    if (width == 3) all_rows<kAdds, 3, rows_of(3)>(a, b, 0, rows, depth, c);
    if constexpr (kTileVectors >= 4)
      if (width == 4) all_rows<kAdds, 4, rows_of(4)>(a, b, 0, rows, depth, c);
    vectors -= width;
    b = b.at(0, width * kLanes);
    c = c.at(0, width * kLanes);
  }
}

}  // namespace
}  // namespace mra
