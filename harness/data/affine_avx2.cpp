#include <cstring>

#include <immintrin.h>

#include "harness/data/affine_parts.h"
#include "harness/data/avx2.h"

namespace mra {

namespace {

/// The nearest whole number below each place less ½, and what is left.
struct Split {
  __m128i whole;
  __m256d rest;
};

WITH_AVX2 inline Split split(const double* columns, double row, double constant) {
  const __m256d place = _mm256_add_pd(_mm256_add_pd(_mm256_loadu_pd(columns), _mm256_set1_pd(row)),
                                      _mm256_set1_pd(constant));
  const __m256d less = _mm256_sub_pd(place, _mm256_set1_pd(0.5));
  const __m128i whole = _mm256_cvttpd_epi32(_mm256_floor_pd(less));
  return {whole, _mm256_sub_pd(less, _mm256_cvtepi32_pd(whole))};
}

/// Whether 0 ≤ place < limit for all four.
WITH_AVX2 inline bool all_below(__m128i places, int limit) {
  const __m128i inside = _mm_and_si128(_mm_cmplt_epi32(places, _mm_set1_epi32(limit)),
                                       _mm_cmpgt_epi32(places, _mm_set1_epi32(-1)));
  return _mm_movemask_epi8(inside) == 0xFFFF;
}

constexpr double kShift = 4503599627370496;  ///< 2^52: a byte in its lowest bits adds that byte

/// kShift + the three channels of a pixel, and the first of the next one.
WITH_AVX2 inline __m256d shifted_pixel(const uint8_t* rgb) {
  int bytes;
  std::memcpy(&bytes, rgb, sizeof bytes);
  const __m256i wide = _mm256_cvtepu8_epi64(_mm_cvtsi32_si128(bytes));
  return _mm256_or_pd(_mm256_castsi256_pd(wide), _mm256_set1_pd(kShift));
}

/// Interpolates between the pixel at `rgb` and the next one.
WITH_AVX2 inline __m256d between(const uint8_t* rgb, __m256d dx) {
  const __m256d left = shifted_pixel(rgb), step = _mm256_sub_pd(shifted_pixel(rgb + 3), left);
  return _mm256_add_pd(_mm256_sub_pd(left, _mm256_set1_pd(kShift)), _mm256_mul_pd(step, dx));
}

/// Interpolates the pixel whose upper left neighbour is at `corner`.
WITH_AVX2 inline __m128i mixed(const uint8_t* corner, size_t row_bytes, double dx, double dy) {
  const __m256d across = _mm256_set1_pd(dx);
  const __m256d upper = between(corner, across), lower = between(corner + row_bytes, across);
  const __m256d down = _mm256_mul_pd(_mm256_sub_pd(lower, upper), _mm256_set1_pd(dy));
  return _mm256_cvttpd_epi32(_mm256_add_pd(upper, down));
}

/// Packs four pixels of 32-bit values into 12 bytes.
WITH_AVX2 inline void store_four(const __m128i values[4], uint8_t* out) {
  const __m128i bytes = _mm_packus_epi16(_mm_packs_epi32(values[0], values[1]),
                                         _mm_packs_epi32(values[2], values[3]));
  const __m128i rgb = _mm_shuffle_epi8(
      bytes, _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
  std::memcpy(out, &rgb, 12);
}

}  // namespace

WITH_AVX2 int bilinear_fours(const Image& from, const RowPlaces& places, const Span& span,
                             uint8_t* row) {
  const size_t row_bytes = 3 * size_t(from.width_px);
  int column = span.first;
  for (; column + 4 <= span.end; column += 4) {
    const Split x = split(places.column_x + column, places.row_x, places.c);
    const Split y = split(places.column_y + column, places.row_y, places.f);
    // A pixel is read with the first byte of the next one.
    if (!all_below(x.whole, from.width_px - 2) || !all_below(y.whole, from.height_px - 1)) break;
    alignas(16) int left[4], top[4];
    alignas(32) double dx[4], dy[4];
    _mm_store_si128(reinterpret_cast<__m128i*>(left), x.whole);
    _mm_store_si128(reinterpret_cast<__m128i*>(top), y.whole);
    _mm256_store_pd(dx, x.rest);
    _mm256_store_pd(dy, y.rest);
    __m128i values[4];
    for (int i = 0; i < 4; ++i) {
      const uint8_t* corner = from.rgb.data() + size_t(top[i]) * row_bytes + 3 * size_t(left[i]);
      values[i] = mixed(corner, row_bytes, dx[i], dy[i]);
    }
    store_four(values, row + 3 * column);
  }
  return column;
}

}  // namespace mra
