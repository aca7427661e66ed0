#include "harness/data/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mra {
namespace {

constexpr int kWeightBits = 22;  ///< of Pillow's fixed-point weights
constexpr int kLowBits = 11;     ///< bits in the lower half of a weight

double triangle(double x) {
  return std::max(0.0, 1.0 - std::abs(x));
}

double cubic(double x) {
  constexpr double kA = -0.5;
  x = std::abs(x);
  if (x < 1.0) return ((kA + 2.0) * x - (kA + 3.0)) * x * x + 1;
  if (x < 2.0) return (((x - 5) * x + 8) * x - 4) * kA;
  return 0;
}

}  // namespace

void AxisWeights::set(int in_px, int out_px, int first, int count, ResizeFilter filter) {
  if (in_px == in_px_ && out_px == out_px_ && first == first_ && count == count_ &&
      filter == filter_)
    return;
  in_px_ = in_px, out_px_ = out_px, first_ = first, count_ = count, filter_ = filter;
  const double stretch = std::max(double(in_px) / out_px, 1.0);
  // If the size does not change, each output is one input pixel with weight 1.
  const double reach = unchanged() ? 0.5 : filter == ResizeFilter::kBilinear ? 1.0 : 2.0;
  set_ranges(reach * stretch);
  high_.assign(size_t(count) * size_t(taps_), 0);
  low_.assign(size_t(count) * size_t(taps_), 0);
  for (int i = 0; i < count; ++i) set_weights(i, stretch);
}

void AxisWeights::set_ranges(double support) {
  starts_.resize(size_t(count_));
  used_.resize(size_t(count_));
  taps_ = end_ = 0;
  for (int i = 0; i < count_; ++i) {
    const double center = (first_ + i + 0.5) * (double(in_px_) / out_px_);
    const int low = std::max(0, int(center - support + 0.5));
    const int high = std::min(in_px_, int(center + support + 0.5));
    starts_[size_t(i)] = low;
    used_[size_t(i)] = high - low;
    taps_ = std::max(taps_, (high - low + 1) & ~1);
    end_ = std::max(end_, high);
  }
}

void AxisWeights::set_weights(int out, double stretch) {
  const int start = starts_[size_t(out)], used = used_[size_t(out)];
  const double center = (first_ + out + 0.5) * (double(in_px_) / out_px_);
  exact_.resize(size_t(used));
  double total = 0;
  for (int k = 0; k < used; ++k) {
    const double x = (k + start - center + 0.5) * (1.0 / stretch);
    total += exact_[size_t(k)] = filter_ == ResizeFilter::kBilinear ? triangle(x) : cubic(x);
  }
  for (int k = 0; k < used; ++k) {
    const double weight = total == 0 ? 0 : exact_[size_t(k)] / total;
    const int fixed = int(weight * (1 << kWeightBits) + (weight < 0 ? -0.5 : 0.5));
    const size_t at = size_t(out) * size_t(taps_) + size_t(k);
    high_[at] = int16_t(fixed >> kLowBits);
    low_[at] = int16_t(fixed & ((1 << kLowBits) - 1));
  }
}

void Resizer::resize(const Image& image, const Box& box, int height_px, int width_px,
                     const Box& window, ResizeFilter filter, uint8_t* out, bool flipped) {
  across_.set(box.width_px, width_px, window.left_px, window.width_px, filter);
  down_.set(box.height_px, height_px, window.top_px, window.height_px, filter);
  resize_columns(image, box, flipped);
  resize_rows(out);
}

/// Returns the row of `image` from the left edge of `box` on. A copy in `line`, unless the kernels
/// may read past its end.
static const uint8_t* readable_row(const Image& image, const Box& box, int y, size_t read_bytes,
                                   std::vector<uint8_t>& line) {
  const uint8_t* row = image.row(box.top_px + y) + size_t(box.left_px) * 3;
  if (size_t(image.rgb.data() + image.rgb.size() - row) >= read_bytes) return row;
  line.resize(read_bytes);
  std::memcpy(line.data(), row, size_t(box.width_px) * 3);
  return line.data();
}

void Resizer::resize_columns(const Image& image, const Box& box, bool flipped) {
  const size_t pitch = narrow_pitch();
  const int rows = down_.end() - down_.begin();
  // Rows past the last one have weight 0.
  narrow_.resize(size_t(rows + down_.taps()) * pitch + kResizeSlack_bytes);
  const bool plain = across_.unchanged() && !flipped;
  const size_t read_bytes = size_t(box.width_px + across_.taps()) * 3 + kResizeSlack_bytes;
  for (int y = 0; y < rows; y += 2) {
    const int below = std::min(y + 1, rows - 1);  // an odd last row is computed twice
    uint8_t* const out[2] = {narrow_.data() + size_t(y) * pitch,
                             narrow_.data() + size_t(below) * pitch};
    const uint8_t* const in[2] = {
        readable_row(image, box, down_.begin() + y, read_bytes, lines_[0]),
        readable_row(image, box, down_.begin() + below, read_bytes, lines_[1])};
    if (plain)
      for (int row : {0, 1})
        std::memcpy(out[row], in[row] + 3 * across_.begin(), size_t(3 * across_.count()));
    else
      kernels_.narrow(in, across_, flipped, out);
  }
}

void Resizer::resize_rows(uint8_t* out) {
  const size_t bytes = size_t(across_.count()) * 3;
  lines_[0].resize(bytes + kResizeSlack_bytes);
  for (int y = 0; y < down_.count(); ++y, out += bytes) {
    const uint8_t* in = narrow_.data() + size_t(down_.start(y) - down_.begin()) * narrow_pitch();
    if (down_.unchanged()) {
      std::memcpy(out, in, bytes);
      continue;
    }
    // What is written past the end of a row is overwritten by the next one.
    const bool last = size_t(down_.count() - 1 - y) * bytes < kResizeSlack_bytes;
    uint8_t* to = last ? lines_[0].data() : out;
    kernels_.flatten(in, narrow_pitch(), down_.high(y), down_.low(y), down_.taps(), bytes, to);
    if (last) std::memcpy(out, to, bytes);
  }
}

}  // namespace mra
