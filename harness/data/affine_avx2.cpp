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

/// Whether the places lie side by side in one row, as in a picture that is moved or sheared.
WITH_AVX2 inline bool are_neighbours(__m128i left, __m128i top) {
  const __m128i first = _mm_shuffle_epi32(left, 0);
  const __m128i expected = _mm_add_epi32(first, _mm_setr_epi32(0, 1, 2, 3));
  const __m128i equal = _mm_and_si128(_mm_cmpeq_epi32(left, expected),
                                      _mm_cmpeq_epi32(top, _mm_shuffle_epi32(top, 0)));
  return _mm_movemask_epi8(equal) == 0xFFFF;
}

WITH_AVX2 inline __m128i four_bytes(const uint8_t* from) {
  int bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return _mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes));
}

/// Which neighbours count: where dx or dy is 0, as in a picture that is moved or sheared along one
/// axis, the others would be multiplied by 0.
struct Neighbours {
  bool across, down;
};

/// Interpolates four bytes between the pixels of `rgb` and the next ones.
template <Neighbours use>
WITH_AVX2 inline __m256d bytes_between(const uint8_t* rgb, __m256d dx) {
  const __m128i left = four_bytes(rgb);
  if (!use.across) return _mm256_cvtepi32_pd(left);
  const __m256d step = _mm256_cvtepi32_pd(_mm_sub_epi32(four_bytes(rgb + 3), left));
  return _mm256_add_pd(_mm256_cvtepi32_pd(left), _mm256_mul_pd(step, dx));
}

/// mixed() of four bytes of neighbouring pixels, each with its own dx and dy.
template <Neighbours use>
WITH_AVX2 inline __m128i mixed_bytes(const uint8_t* corner, size_t row_bytes, __m256d dx,
                                     __m256d dy) {
  const __m256d upper = bytes_between<use>(corner, dx);
  if (!use.down) return _mm256_cvttpd_epi32(upper);
  const __m256d lower = bytes_between<use>(corner + row_bytes, dx);
  return _mm256_cvttpd_epi32(_mm256_add_pd(upper, _mm256_mul_pd(_mm256_sub_pd(lower, upper), dy)));
}

/// Interpolates four neighbouring pixels, 12 bytes, of which `corner` is the first one's upper left
/// neighbour. Reads 15 bytes of each row.
template <Neighbours use>
WITH_AVX2 inline void mix_neighbours(const uint8_t* corner, size_t row_bytes, __m256d dx,
                                     __m256d dy, uint8_t* out) {
  // Which pixels the first, second and last four of the 12 bytes belong to.
  constexpr int kFirst = 0b01'00'00'00, kSecond = 0b10'10'01'01, kLast = 0b11'11'11'10;
  const __m128i first = mixed_bytes<use>(corner, row_bytes, _mm256_permute4x64_pd(dx, kFirst),
                                         _mm256_permute4x64_pd(dy, kFirst));
  const __m128i second = mixed_bytes<use>(corner + 4, row_bytes, _mm256_permute4x64_pd(dx, kSecond),
                                          _mm256_permute4x64_pd(dy, kSecond));
  const __m128i last = mixed_bytes<use>(corner + 8, row_bytes, _mm256_permute4x64_pd(dx, kLast),
                                        _mm256_permute4x64_pd(dy, kLast));
  const __m128i bytes =
      _mm_packus_epi16(_mm_packs_epi32(first, second), _mm_packs_epi32(last, last));
  std::memcpy(out, &bytes, 12);
}

WITH_AVX2 inline bool all_zero(__m256d values) {
  return _mm256_movemask_pd(_mm256_cmp_pd(values, _mm256_setzero_pd(), _CMP_EQ_OQ)) == 0xF;
}

WITH_AVX2 inline void mix_neighbours(const uint8_t* corner, size_t row_bytes, __m256d dx,
                                     __m256d dy, uint8_t* out) {
  if (all_zero(dy)) return mix_neighbours<Neighbours{true, false}>(corner, row_bytes, dx, dy, out);
  if (all_zero(dx)) return mix_neighbours<Neighbours{false, true}>(corner, row_bytes, dx, dy, out);
  mix_neighbours<Neighbours{true, true}>(corner, row_bytes, dx, dy, out);
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
    if (are_neighbours(x.whole, y.whole)) {
      const auto top = size_t(_mm_cvtsi128_si32(y.whole)),
                 left = size_t(_mm_cvtsi128_si32(x.whole));
      mix_neighbours(from.rgb.data() + top * row_bytes + 3 * left, row_bytes, x.rest, y.rest,
                     row + 3 * column);
      continue;
    }
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
