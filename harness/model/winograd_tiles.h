#pragma once

#include <cstdint>

namespace mra {

/// A map's division into tiles of 4×4 pixels, of which the last in a row or column may be cut off.
struct TileGrid {
  int64_t pictures, height_px, width_px;

  static constexpr int64_t kTile_px = 4;
  int64_t down() const { return (height_px + kTile_px - 1) / kTile_px; }
  int64_t across() const { return (width_px + kTile_px - 1) / kTile_px; }
  int64_t tiles() const { return pictures * down() * across(); }
};

/// Consecutive tiles of a grid, or channels.
struct Stretch {
  int64_t first, count;
};

/// Floats from one of the 36 points of `values` to the next. Without the cache line in between, all
/// points of a value could fall into the same places of the cache.
constexpr int64_t points_step(int64_t values) {
  constexpr int64_t kCacheLine = 16;
  return values + kCacheLine;
}

/// The kernels of one instruction set. Maps [N,H,W,channels] have their channels side by side.
/// Channels are whole vectors. The 36 points of a tile are the values that Winograd's algorithm
/// multiplies. `scratch` has room for scratch_floats().
struct WinogradKernels {
  int64_t (*scratch_floats)(int64_t tiles, int64_t in, int64_t out);
  /// The points [36,in,out] of the weight [out,3,3,in] for some input channels, whole vectors.
  void (*weight_points)(const float* weight, int64_t in, int64_t out, Stretch range, float* points);
  /// Those of the weight [in,3,3,out] with its taps in the opposite order: the convolution with it
  /// makes the gradient of the input.
  void (*flipped_weight_points)(const float* weight, int64_t in, int64_t out, Stretch range,
                                float* points);
  /// The outputs [N,H,W,out] of some tiles from the inputs [N,H,W,in].
  void (*convolve)(const TileGrid& grid, Stretch range, const float* x, int64_t in,
                   const float* points, int64_t out, float* y, float* scratch);
  /// What some tiles contribute to the gradient of the weight's points: [36,out,in]. `adds`: adds
  /// it to `sums`.
  void (*weight_sums)(const TileGrid& grid, Stretch range, const float* x, int64_t in,
                      const float* d_y, int64_t out, bool adds, float* sums, float* scratch);
  /// The gradient of some output channels' weights, stored as [out,3,3,in], from `parts` sums
  /// [36,out,in].
  void (*weight_gradient)(const float* sums, int64_t parts, int64_t in, int64_t out, Stretch range,
                          float* d_w);
};

extern const WinogradKernels kWinogradAvx2, kWinogradAvx512;

}  // namespace mra
