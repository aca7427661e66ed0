#include "harness/data/image_ops.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <emmintrin.h>

#include "harness/data/avx2.h"
#include "harness/data/byte_tables.h"

namespace mra {

namespace {

template <typename Change>
Table table_of(Change change) {
  Table table;
  for (int value = 0; value < 256; ++value) table[size_t(value)] = uint8_t(change(value));
  return table;
}

void look_up(Image& image, const std::array<Table, 3>& tables) {
  mra::look_up(image.rgb.data(), image.rgb.size() / 3, tables);
}

using Histogram = std::array<int64_t, 256>;

std::array<Histogram, 3> histograms(const Image& image) {
  std::array<Histogram, 3> counts{};
  for (size_t i = 0; i < image.rgb.size(); i += 3)
    for (size_t c = 0; c < 3; ++c) ++counts[c][image.rgb[i + c]];
  return counts;
}

/// Pillow's convert("L") for one pixel.
uint8_t grey_of(const uint8_t* rgb) {
  return uint8_t((19595u * rgb[0] + 38470u * rgb[1] + 7471u * rgb[2] + 32768u) >> 16);
}

/// Loads four values as floats.
__m128 load_four(const uint8_t* values) {
  int bytes;
  std::memcpy(&bytes, values, sizeof bytes);
  const __m128i zero = _mm_setzero_si128();
  return _mm_cvtepi32_ps(
      _mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(bytes), zero), zero));
}

/// Pillow's blend of the degenerate values with those of the picture, truncated. For factors within
/// 0 … 1 the result is always within 0 … 255.
void blend(const uint8_t* degenerate, uint8_t* values, size_t count, float factor) {
  const __m128 factors = _mm_set1_ps(factor), most = _mm_set1_ps(255);
  const auto mixed = [&](size_t i) {
    const __m128 start = load_four(degenerate + i);
    const __m128 step = _mm_mul_ps(factors, _mm_sub_ps(load_four(values + i), start));
    return _mm_cvttps_epi32(_mm_min_ps(_mm_add_ps(start, step), most));
  };
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i words = _mm_packs_epi32(mixed(i), mixed(i + 4));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(values + i), _mm_packus_epi16(words, words));
  }
  for (; i < count; ++i) {
    const float start = float(degenerate[i]);
    const float one = start + factor * (float(values[i]) - start);
    values[i] = uint8_t(int(std::min(std::max(one, 0.0f), 255.0f)));
  }
}

/// n / 26 = n · kTo26 >> 20 for all n that smoothing can ask for.
constexpr uint32_t kTo26 = 40330;
constexpr bool divides_by_26() {
  for (uint32_t n = 0; n <= 2 * 13 * 255 + 13; ++n)
    if (n * kTo26 >> 20 != n / 26) return false;
  return true;
}

/// The inner values of a row after smoothing. Inlined, so that the compiler makes the loop as wide
/// as the registers of the caller.
inline __attribute__((always_inline)) void smooth_inner(const uint8_t* const rows[3], int end,
                                                        uint8_t* out) {
  static_assert(divides_by_26());
  const uint8_t *above = rows[0], *row = rows[1], *below = rows[2];
  for (int i = 3; i < end; ++i) {
    const auto column = [&](int at) { return uint16_t(above[at] + row[at] + below[at]); };
    const auto sum = uint16_t(column(i - 3) + column(i) + column(i + 3) + 4 * row[i]);
    const auto twice = uint16_t(2 * sum + 13);
    out[i] = uint8_t((uint32_t(twice) * kTo26) >> 20);
  }
}

WITH_AVX2 void smooth_inner_avx2(const uint8_t* const rows[3], int end, uint8_t* out) {
  smooth_inner(rows, end, out);
}

/// Blends every pixel with one value.
void blend_with(Image& image, uint8_t degenerate, double factor) {
  if (float(factor) == 1) return;
  Table towards, table = table_of([](int value) { return value; });
  towards.fill(degenerate);
  blend(towards.data(), table.data(), table.size(), float(factor));
  look_up(image, {table, table, table});
}

Table identity() {
  return table_of([](int value) { return value; });
}

/// The smallest and the largest value of a channel.
struct Range {
  uint8_t low = 255, high = 0;
};

std::array<Range, 3> ranges(const Image& image) {
  using Lanes = uint8_t __attribute__((vector_size(16)));
  constexpr size_t kLanes = 48;  // a multiple of a pixel (3 bytes) and of a register (16)
  Lanes low[3], high[3], now[3];
  std::memset(low, 255, kLanes);
  std::memset(high, 0, kLanes);
  const size_t size = image.rgb.size(), whole = size - size % kLanes;
  for (size_t i = 0; i < whole; i += kLanes) {
    std::memcpy(now, &image.rgb[i], kLanes);
    for (int k = 0; k < 3; ++k) {
      low[k] = now[k] < low[k] ? now[k] : low[k];
      high[k] = now[k] > high[k] ? now[k] : high[k];
    }
  }
  std::array<Range, 3> found;
  const auto note = [&](size_t channel, uint8_t least, uint8_t most) {
    found[channel].low = std::min(found[channel].low, least);
    found[channel].high = std::max(found[channel].high, most);
  };
  for (size_t lane = 0; lane < kLanes; ++lane)
    note(lane % 3, low[lane / 16][lane % 16], high[lane / 16][lane % 16]);
  for (size_t i = whole; i < size; ++i) note(i % 3, image.rgb[i], image.rgb[i]);
  return found;
}

Table stretched(const Range& range) {
  if (range.high <= range.low) return identity();
  const double scale = 255.0 / (range.high - range.low), offset = -range.low * scale;
  return table_of([&](int value) { return std::clamp(int(value * scale + offset), 0, 255); });
}

Table levelled(const Histogram& counts) {
  int64_t pixels = 0, last = 0, bins = 0;
  for (const int64_t count : counts) {
    pixels += count;
    if (count == 0) continue;
    last = count;
    ++bins;
  }
  const int64_t step = (pixels - last) / 255;
  if (bins <= 1 || step == 0) return identity();
  int64_t sum = step / 2;
  Table table;
  for (size_t value = 0; value < 256; ++value) {
    table[value] = uint8_t(std::min<int64_t>(255, sum / step));
    sum += counts[value];
  }
  return table;
}

}  // namespace

void invert(Image& image) {
  for (uint8_t& value : image.rgb) value = uint8_t(255 - value);
}

void solarize(Image& image, double threshold) {
  const int first_turned = int(std::ceil(std::clamp(threshold, 0.0, 256.0)));
  if (first_turned > 255) return;
  const auto limit = uint8_t(first_turned);
  for (uint8_t& value : image.rgb) value = value < limit ? value : uint8_t(255 - value);
}

void solarize_add(Image& image, int amount) {
  const auto added = uint8_t(std::clamp(amount, 0, 255)), room = uint8_t(255 - added);
  const auto taken = uint8_t(std::clamp(-amount, 0, 255));
  for (uint8_t& value : image.rgb) {
    uint8_t sum = value > room ? uint8_t(255) : uint8_t(value + added);
    sum = sum < taken ? uint8_t(0) : uint8_t(sum - taken);
    value = value < 128 ? sum : value;
  }
}

void posterize(Image& image, int bits) {
  const auto mask = uint8_t(~((1 << (8 - bits)) - 1));
  for (uint8_t& value : image.rgb) value &= mask;
}

void auto_contrast(Image& image) {
  const auto of = ranges(image);
  look_up(image, {stretched(of[0]), stretched(of[1]), stretched(of[2])});
}

void equalize(Image& image) {
  const auto counts = histograms(image);
  look_up(image, {levelled(counts[0]), levelled(counts[1]), levelled(counts[2])});
}

void grayscale(Image& image) {
  for (size_t i = 0; i < image.rgb.size(); i += 3)
    std::memset(&image.rgb[i], grey_of(&image.rgb[i]), 3);
}

void color(Image& image, double factor) {
  if (float(factor) == 1) return;
  constexpr size_t kBlock = 3 * 64;  // fits the L1 cache
  uint8_t greys[kBlock];
  for (size_t start = 0; start < image.rgb.size(); start += kBlock) {
    uint8_t* values = &image.rgb[start];
    const size_t count = std::min(kBlock, image.rgb.size() - start);
    for (size_t i = 0; i < count; i += 3) std::memset(greys + i, grey_of(values + i), 3);
    blend(greys, values, count, float(factor));
  }
}

void contrast(Image& image, double factor) {
  int64_t sum = 0;
  for (size_t i = 0; i < image.rgb.size(); i += 3) sum += grey_of(&image.rgb[i]);
  const auto pixels = double(std::max<size_t>(1, image.rgb.size() / 3));
  blend_with(image, uint8_t(double(sum) / pixels + 0.5), factor);
}

void brightness(Image& image, double factor) {
  blend_with(image, 0, factor);
}

/// Applies the 3×3 kernel 1 1 1, 1 5 1, 1 1 1 divided by 13; the border pixels are not changed.
void smooth(Image& image, Image& scratch) {
  scratch.resize(image.height_px, image.width_px);
  scratch.rgb = image.rgb;
  const bool by_avx2 = uses_avx2();
  for (int y = 1; y + 1 < image.height_px; ++y) {
    const uint8_t* rows[3] = {scratch.row(y - 1), scratch.row(y), scratch.row(y + 1)};
    const int end = 3 * (image.width_px - 1);
    if (by_avx2)
      smooth_inner_avx2(rows, end, image.row(y));
    else
      smooth_inner(rows, end, image.row(y));
  }
}

void sharpness(Image& image, double factor, Image& scratch) {
  if (float(factor) == 1) return;
  smooth(image, scratch);  // puts the original picture into `scratch`
  blend(image.rgb.data(), scratch.rgb.data(), image.rgb.size(), float(factor));
  std::swap(image.rgb, scratch.rgb);
}

void fill_box(Image& image, int top, int bottom, int left, int right, Rgb fill) {
  left = std::max(left, 0);
  right = std::min(right, image.width_px);
  for (int y = std::max(top, 0); y < std::min(bottom, image.height_px); ++y)
    for (int x = left; x < right; ++x) std::copy(fill.begin(), fill.end(), image.row(y) + 3 * x);
}

void cutout_rectangle(Image& image, double side_px, double center_x, double center_y) {
  if (side_px <= 0) return;
  constexpr Rgb kGrey{125, 123, 114};
  const int left = int(std::max(0.0, center_x - side_px / 2));
  const int top = int(std::max(0.0, center_y - side_px / 2));
  // Both corners belong to the rectangle; the far one is truncated to a whole pixel.
  const int right = int(std::min(double(image.width_px), left + side_px));
  const int bottom = int(std::min(double(image.height_px), top + side_px));
  fill_box(image, top, bottom + 1, left, right + 1, kGrey);
}

}  // namespace mra
