#pragma once

#include <cstdint>
#include <vector>

#include "harness/data/image.h"
#include "harness/data/input.h"
#include "harness/data/resize_kernels.h"

namespace mra {

/// For each output pixel along one axis: the input pixels it is computed from, and their weights.
class AxisWeights {
 public:
  /// Resizes `in_px` to `out_px`, of which only `count` pixels from `first` on are needed.
  void set(int in_px, int out_px, int first, int count, ResizeFilter filter);

  bool unchanged() const { return in_px_ == out_px_; }  ///< no resizing along this axis
  int count() const { return count_; }
  int start(int out) const { return starts_[size_t(out)]; }  ///< first input pixel of an output
  int begin() const { return starts_.front(); }              ///< first input pixel of all
  int end() const { return end_; }                           ///< last input pixel of all, exclusive
  int taps() const { return taps_; }  ///< weights per output pixel, an even number, zero-padded
  /// The weights of an output pixel, [taps()]: high · 2^11 + low, with a sum of 2^22.
  const int16_t* high(int out) const { return high_.data() + size_t(out) * size_t(taps_); }
  const int16_t* low(int out) const { return low_.data() + size_t(out) * size_t(taps_); }

 private:
  void set_ranges(double support);
  void set_weights(int out, double stretch);

  int in_px_ = 0, out_px_ = 0, first_ = 0, count_ = 0;
  ResizeFilter filter_ = ResizeFilter::kBilinear;
  int taps_ = 0, end_ = 0;
  std::vector<int> starts_, used_;
  std::vector<int16_t> high_, low_;
  std::vector<double> exact_;
};

/// Antialiased resize of 8-bit pictures, bit for bit as in Pillow 9.4: horizontally, then
/// vertically, with rounding to 8 bits between. It reuses its memory, so each thread needs its own.
class Resizer {
 public:
  explicit Resizer(const ResizeKernels& kernels = fastest_resize_kernels()) : kernels_(kernels) {}

  /// Resizes the part `box` of `image` to [height, width] and writes the `window` of the result to
  /// `out` [window.height_px, window.width_px, 3]. Pixels outside `box` are not used. `flipped`:
  /// its columns come out reversed.
  void resize(const Image& image, const Box& box, int height_px, int width_px, const Box& window,
              ResizeFilter filter, uint8_t* out, bool flipped = false);

  /// The same for the whole result.
  void resize(const Image& image, const Box& box, int height_px, int width_px, ResizeFilter filter,
              uint8_t* out, bool flipped = false) {
    resize(image, box, height_px, width_px, {0, 0, height_px, width_px}, filter, out, flipped);
  }

 private:
  void resize_columns(const Image& image, const Box& box, bool flipped);
  void resize_rows(uint8_t* out);
  /// Distance of rows in `narrow_`: room for the byte that is written past a row's last pixel.
  size_t narrow_pitch() const { return (size_t(across_.count()) * 3 + 32) / 32 * 32; }

  const ResizeKernels& kernels_;
  AxisWeights across_, down_;
  std::vector<uint8_t> narrow_;    ///< the needed rows of `box` after horizontal resizing
  std::vector<uint8_t> lines_[2];  ///< rows with room past their ends
};

}  // namespace mra
