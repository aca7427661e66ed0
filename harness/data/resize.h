#pragma once

#include <cstdint>
#include <vector>

#include "harness/data/image.h"
#include "harness/data/input.h"

namespace mra {

/// A rectangle of pixels.
struct Box {
  int top_px = 0;
  int left_px = 0;
  int height_px = 0;
  int width_px = 0;
  bool operator==(const Box&) const = default;
};

/// For each output pixel of one axis, the input pixels it is made of and their weights.
class AxisWeights {
 public:
  /// `in_px` pixels become `out_px`, of which `count` are wanted from `first` on.
  void set(int in_px, int out_px, int first, int count, ResizeFilter filter);

  bool unchanged() const { return in_px_ == out_px_; }  ///< every output is its input
  int count() const { return count_; }
  int start(int out) const { return starts_[size_t(out)]; }  ///< first input pixel of an output
  int begin() const { return starts_.front(); }              ///< first input pixel of all
  int end() const { return end_; }                           ///< one past the last
  int taps() const { return taps_; }  ///< weights of each output: an even number, padded with zeros
  /// The weights of an output, [taps()]: high · 2^11 + low, of 2^22 in all.
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

/// Antialiased resize of 8-bit pictures, equal to Pillow 9.4's bit for bit: first the columns, then
/// the rows, rounded to 8 bits between. Keeps its memory: one for each thread.
class Resizer {
 public:
  /// The part `box` of `image`, resized to [height, width], of which `window` is written to `out`
  /// [window.height_px, window.width_px, 3]. No pixel outside `box` is used.
  void resize(const Image& image, const Box& box, int height_px, int width_px, const Box& window,
              ResizeFilter filter, uint8_t* out);

  /// The same with all of the result.
  void resize(const Image& image, const Box& box, int height_px, int width_px, ResizeFilter filter,
              uint8_t* out) {
    resize(image, box, height_px, width_px, {0, 0, height_px, width_px}, filter, out);
  }

 private:
  void resize_columns(const Image& image, const Box& box);
  void resize_rows(uint8_t* out) const;

  AxisWeights across_, down_;
  std::vector<uint8_t> narrow_;  ///< the rows needed of `box`, after the first pass
  std::vector<uint8_t> line_;    ///< a row near the end of the picture, with room to read past it
};

}  // namespace mra
