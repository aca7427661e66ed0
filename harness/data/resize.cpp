#include "harness/data/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <emmintrin.h>

namespace mra {
namespace {

constexpr int kWeightBits = 22;  ///< of Pillow's fixed-point weights
constexpr int kLowBits = 11;     ///< bits in the lower half of a weight
constexpr size_t kStep = 8;      ///< bytes of a row computed at once
constexpr size_t kSlack = 16;    ///< bytes past the end of a row that may be read or written

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

/// Computes Σ high·2^11 + low for four sums, rounded and shifted to 8-bit values.
__m128i levels(__m128i high, __m128i low) {
  const __m128i half = _mm_set1_epi32(1 << (kWeightBits - 1));
  const __m128i sum = _mm_add_epi32(_mm_slli_epi32(high, kLowBits), _mm_add_epi32(low, half));
  return _mm_srai_epi32(sum, kWeightBits);
}

/// Returns two neighbouring weights, repeated four times.
__m128i pair(const int16_t* weights) {
  int32_t both;
  std::memcpy(&both, weights, sizeof both);
  return _mm_set1_epi32(both);
}

/// Computes one pixel of an output row, all channels at once, by pairs of input pixels.
void narrow_pixel(const uint8_t* in, const int16_t* high, const int16_t* low, int taps,
                  uint8_t* out) {
  const __m128i zero = _mm_setzero_si128();
  __m128i high_sum = zero, low_sum = zero;
  for (int k = 0; k < taps; k += 2, in += 6) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(in));
    const __m128i both = _mm_unpacklo_epi8(bytes, _mm_srli_si128(bytes, 3));  // r0 r1 g0 g1 b0 b1
    const __m128i wide = _mm_unpacklo_epi8(both, zero);
    high_sum = _mm_add_epi32(high_sum, _mm_madd_epi16(wide, pair(high + k)));
    low_sum = _mm_add_epi32(low_sum, _mm_madd_epi16(wide, pair(low + k)));
  }
  const __m128i words = _mm_packs_epi32(levels(high_sum, low_sum), zero);
  const int32_t pixel = _mm_cvtsi128_si32(_mm_packus_epi16(words, zero));
  std::memcpy(out, &pixel, sizeof pixel);
}

/// Computes eight bytes of an output row from the same columns of `taps` rows, `pitch` bytes apart.
void flatten_columns(const uint8_t* in, size_t pitch, const int16_t* high, const int16_t* low,
                     int taps, uint8_t* out) {
  const __m128i zero = _mm_setzero_si128();
  __m128i high_a = zero, high_b = zero, low_a = zero, low_b = zero;
  for (int k = 0; k < taps; k += 2, in += 2 * pitch) {
    const __m128i upper = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(in));
    const __m128i lower = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(in + pitch));
    const __m128i both = _mm_unpacklo_epi8(upper, lower);
    const __m128i a = _mm_unpacklo_epi8(both, zero), b = _mm_unpackhi_epi8(both, zero);
    const __m128i weight_high = pair(high + k), weight_low = pair(low + k);
    high_a = _mm_add_epi32(high_a, _mm_madd_epi16(a, weight_high));
    high_b = _mm_add_epi32(high_b, _mm_madd_epi16(b, weight_high));
    low_a = _mm_add_epi32(low_a, _mm_madd_epi16(a, weight_low));
    low_b = _mm_add_epi32(low_b, _mm_madd_epi16(b, weight_low));
  }
  const __m128i words = _mm_packs_epi32(levels(high_a, low_a), levels(high_b, low_b));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out), _mm_packus_epi16(words, zero));
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
                     const Box& window, ResizeFilter filter, uint8_t* out) {
  across_.set(box.width_px, width_px, window.left_px, window.width_px, filter);
  down_.set(box.height_px, height_px, window.top_px, window.height_px, filter);
  resize_columns(image, box);
  resize_rows(out);
}

void Resizer::resize_columns(const Image& image, const Box& box) {
  const size_t pitch = size_t(across_.count()) * 3;
  const int rows = down_.end() - down_.begin();
  // Rows past the last one have weight 0.
  narrow_.resize(size_t(rows + down_.taps()) * pitch + kSlack);
  const size_t in_bytes = size_t(box.width_px) * 3;
  const size_t read_bytes = in_bytes + size_t(across_.taps()) * 3 + kSlack;
  for (int y = 0; y < rows; ++y) {
    const uint8_t* in = image.row(box.top_px + down_.begin() + y) + size_t(box.left_px) * 3;
    uint8_t* out = narrow_.data() + size_t(y) * pitch;
    if (across_.unchanged()) {
      std::memcpy(out, in + 3 * across_.begin(), pitch);
      continue;
    }
    if (size_t(image.rgb.data() + image.rgb.size() - in) < read_bytes) {
      line_.resize(read_bytes);
      std::memcpy(line_.data(), in, in_bytes);
      in = line_.data();
    }
    for (int x = 0; x < across_.count(); ++x)
      narrow_pixel(in + 3 * across_.start(x), across_.high(x), across_.low(x), across_.taps(),
                   out + 3 * x);
  }
}

void Resizer::resize_rows(uint8_t* out) const {
  const size_t pitch = size_t(across_.count()) * 3;
  if (down_.unchanged()) {
    std::memcpy(out, narrow_.data(), pitch * size_t(down_.count()));
    return;
  }
  for (int y = 0; y < down_.count(); ++y, out += pitch) {
    const uint8_t* in = narrow_.data() + size_t(down_.start(y) - down_.begin()) * pitch;
    for (size_t x = 0; x < pitch; x += kStep) {
      uint8_t bytes[kStep];
      flatten_columns(in + x, pitch, down_.high(y), down_.low(y), down_.taps(), bytes);
      std::memcpy(out + x, bytes, std::min(kStep, pitch - x));
    }
  }
}

}  // namespace mra
