// The kernels of Winograd's convolution F(4×4, 3×3) for one instruction set (Lavin and Gray 2016,
// section 4.3). The file that includes this one defines what small_matrix.h asks for.
//
// A tile of 4×4 outputs depends on 6×6 inputs. Both the inputs and the weight become 6×6 points,
// whose products, summed over the input channels, become the outputs. So 36 multiplications take
// the place of 144.
#include "harness/model/small_matrix.h"
#include "harness/model/winograd_lines.h"
#include "harness/model/winograd_tiles.h"

namespace mra {
namespace {

/// Transforms the rows of a square of values, and then the columns.
template <typename Line, typename From, typename To>
WITH_ISA inline void transform(const From& from, const To& to) {
  Vector half[Line::kTo][Line::kFrom];
#pragma GCC unroll 8
  for (int r = 0; r < Line::kFrom; ++r) {
    Vector line[Line::kFrom], result[Line::kTo];
    for (int c = 0; c < Line::kFrom; ++c) line[c] = from.get(r, c);
    Line::apply(line, result);
    for (int c = 0; c < Line::kTo; ++c) half[c][r] = result[c];
  }
#pragma GCC unroll 8
  for (int c = 0; c < Line::kTo; ++c) {
    Vector result[Line::kTo];
    Line::apply(half[c], result);
    for (int r = 0; r < Line::kTo; ++r) to.set(r, c, result[r]);
  }
}

// Where transforms read and write: one vector of channels of each value.

/// The points of a tile, with `step` floats from one to the next.
template <typename Float>
struct PointsOf {
  Float* data;
  int64_t step;

  WITH_ISA inline Vector get(int r, int c) const { return load(data + (r * kSide + c) * step); }
  WITH_ISA inline void set(int r, int c, Vector value) const {
    store(data + (r * kSide + c) * step, value);
  }
};

/// A square of pixels of a map [H,W,channels] from (top, left) on, which may lie outside.
template <typename Float>
struct Square {
  Float* corner;  ///< the pixel (top, left)
  int64_t channels, row_step, height_px, width_px, top, left;

  Float* at(int64_t r, int64_t c) const { return corner + r * row_step + c * channels; }
  bool has(int64_t r, int64_t c) const {
    return uint64_t(top + r) < uint64_t(height_px) && uint64_t(left + c) < uint64_t(width_px);
  }
  bool is_inside(int64_t side_px) const { return has(0, 0) && has(side_px - 1, side_px - 1); }
};

/// Its pixels, of which none is outside the map.
template <typename Float>
struct PixelsInside : Square<Float> {
  WITH_ISA inline Vector get(int r, int c) const { return load(this->at(r, c)); }
  WITH_ISA inline void set(int r, int c, Vector value) const { store(this->at(r, c), value); }
};

/// Its pixels. Outside the map there are zeros, which can't be written.
template <typename Float>
struct Pixels : Square<Float> {
  WITH_ISA inline Vector get(int r, int c) const {
    return this->has(r, c) ? load(this->at(r, c)) : Vector{};
  }
  WITH_ISA inline void set(int r, int c, Vector value) const {
    if (this->has(r, c)) store(this->at(r, c), value);
  }
};

/// The pixels of a tile, beginning `border_px` above and to the left of it.
template <typename Float>
inline Square<Float> square_of(const TileGrid& grid, int64_t tile_number, int64_t border_px,
                               Float* maps, int64_t channels) {
  const int64_t across = grid.across(), by_picture = grid.down() * across;
  const int64_t picture = tile_number / by_picture, place = tile_number % by_picture;
  const int64_t top = place / across * TileGrid::kTile_px - border_px;
  const int64_t left = place % across * TileGrid::kTile_px - border_px;
  const int64_t pixel = (picture * grid.height_px + top) * grid.width_px + left;
  return {maps + pixel * channels,
          channels,
          grid.width_px * channels,
          grid.height_px,
          grid.width_px,
          top,
          left};
}

int64_t scratch_floats(int64_t tiles, int64_t in, int64_t out) {
  return kPoints * (points_step(tiles * in) + points_step(tiles * out));
}

template <typename Line, typename Source>
WITH_ISA inline void read_square(Source pixels, float* points, int64_t step) {
  for (int64_t c = 0; c < pixels.channels; c += kLanes, pixels.corner += kLanes)
    transform<Line>(pixels, PointsOf<float>{points + c, step});
}

template <typename Target>
WITH_ISA inline void write_square(const float* points, int64_t step, Target pixels) {
  for (int64_t c = 0; c < pixels.channels; c += kLanes, pixels.corner += kLanes)
    transform<OutputLine>(PointsOf<const float>{points + c, step}, pixels);
}

/// Points [36,tiles,channels] of the squares of pixels that begin `border_px` before the tiles.
template <typename Line>
WITH_ISA void points_of(const TileGrid& grid, Stretch range, int64_t border_px, const float* maps,
                        int64_t channels, float* points) {
  const int64_t step = points_step(range.count * channels);
  for (int64_t i = 0; i < range.count; ++i, points += channels) {
    const auto square = square_of(grid, range.first + i, border_px, maps, channels);
    if (square.is_inside(Line::kFrom))
      read_square<Line>(PixelsInside<const float>{square}, points, step);
    else
      read_square<Line>(Pixels<const float>{square}, points, step);
  }
}

WITH_ISA void convolve(const TileGrid& grid, Stretch range, const float* x, int64_t in,
                       const float* weight_points, int64_t out, float* y, float* scratch) {
  const int64_t in_step = points_step(range.count * in), out_step = points_step(range.count * out);
  float* const products = scratch + kPoints * in_step;
  points_of<InputLine>(grid, range, 1, x, in, scratch);
  for (int64_t p = 0; p < kPoints; ++p)
    multiply({scratch + p * in_step, in, 1}, {weight_points + p * points_step(in * out), out},
             range.count, in, out, {products + p * out_step, out});
  for (int64_t i = 0; i < range.count; ++i) {
    const auto square = square_of(grid, range.first + i, 0, y, out);
    if (square.is_inside(TileGrid::kTile_px))
      write_square(products + i * out, out_step, PixelsInside<float>{square});
    else
      write_square(products + i * out, out_step, Pixels<float>{square});
  }
}

WITH_ISA void weight_sums(const TileGrid& grid, Stretch range, const float* x, int64_t in,
                          const float* d_y, int64_t out, bool adds, float* sums, float* scratch) {
  const int64_t in_step = points_step(range.count * in), out_step = points_step(range.count * out);
  float* const d_products = scratch + kPoints * in_step;
  points_of<InputLine>(grid, range, 1, x, in, scratch);
  points_of<OutputGradientLine>(grid, range, 0, d_y, out, d_products);
  for (int64_t p = 0; p < kPoints; ++p) {
    const Left left{d_products + p * out_step, 1, out};
    const Rows<const float> right{scratch + p * in_step, in};
    const Rows<float> sum{sums + p * points_step(out * in), in};
    if (adds)
      multiply<true>(left, right, out, range.count, in, sum);
    else
      multiply<false>(left, right, out, range.count, in, sum);
  }
}

/// A vector of weights for each tap, with `step` floats from one tap to the next.
template <typename Float>
struct Taps {
  Float* data;
  int64_t step;

  WITH_ISA inline Vector get(int r, int c) const { return load(data + (kTaps * r + c) * step); }
  WITH_ISA inline void set(int r, int c, Vector value) const {
    store(data + (kTaps * r + c) * step, value);
  }
};

/// Swaps the rows of a square of values with its columns, by swapping ever smaller parts of it.
template <int kHalf = kLanes / 2>
WITH_ISA inline void transpose(Vector (&rows)[kLanes]) {
  Bits upper, lower;  // where the values of the new rows come from
  for (int i = 0; i < kLanes; ++i) {
    upper[i] = i & kHalf ? kLanes + i - kHalf : i;
    lower[i] = i & kHalf ? kLanes + i : i + kHalf;
  }
  for (int i = 0; i < kLanes; ++i) {
    if (i & kHalf) continue;
    const Vector a = rows[i], b = rows[i + kHalf];
    rows[i] = __builtin_shuffle(a, b, upper);
    rows[i + kHalf] = __builtin_shuffle(a, b, lower);
  }
  if constexpr (kHalf > 1) transpose<kHalf / 2>(rows);
}

WITH_ISA void weight_points(const float* weight, int64_t in, int64_t out, Stretch range,
                            float* points) {
  constexpr int kAllTaps = kTaps * kTaps;
  float taps[kAllTaps][kLanes][kLanes];  // [tap,in,out]
  for (int64_t i = range.first; i < range.first + range.count; i += kLanes)
    for (int64_t o = 0; o < out; o += kLanes) {
      for (int t = 0; t < kAllTaps; ++t) {
        Vector rows[kLanes];
        for (int l = 0; l < kLanes; ++l) rows[l] = load(weight + ((o + l) * kAllTaps + t) * in + i);
        transpose(rows);
        for (int l = 0; l < kLanes; ++l) store(taps[t][l], rows[l]);
      }
      for (int l = 0; l < kLanes; ++l)
        transform<WeightLine>(Taps<const float>{taps[0][l], kLanes * kLanes},
                              PointsOf<float>{points + (i + l) * out + o, points_step(in * out)});
    }
}

WITH_ISA void flipped_weight_points(const float* weight, int64_t in, int64_t out, Stretch range,
                                    float* points) {
  constexpr int kAllTaps = kTaps * kTaps;
  for (int64_t i = range.first; i < range.first + range.count; ++i)
    for (int64_t o = 0; o < out; o += kLanes)
      transform<WeightLine>(
          Taps<const float>{weight + (i * kAllTaps + kAllTaps - 1) * out + o, -out},
          PointsOf<float>{points + i * out + o, points_step(in * out)});
}

/// The sum of several parts' points.
struct SumOfPoints {
  const float* data;
  int64_t step, parts;

  WITH_ISA inline Vector get(int r, int c) const {
    const float* from = data + (r * kSide + c) * step;
    Vector sum = load(from);
    for (int64_t part = 1; part < parts; ++part) sum += load(from + part * kPoints * step);
    return sum;
  }
};

WITH_ISA void weight_gradient(const float* sums, int64_t parts, int64_t in, int64_t out,
                              Stretch range, float* d_w) {
  for (int64_t o = range.first; o < range.first + range.count; ++o)
    for (int64_t i = 0; i < in; i += kLanes)
      transform<WeightGradientLine>(SumOfPoints{sums + o * in + i, points_step(out * in), parts},
                                    Taps<float>{d_w + o * kTaps * kTaps * in + i, in});
}

constexpr WinogradKernels kKernels{scratch_floats, weight_points, flipped_weight_points,
                                   convolve,       weight_sums,   weight_gradient};

}  // namespace
}  // namespace mra
