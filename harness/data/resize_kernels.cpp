#include "harness/data/resize_kernels.h"

#include <cstring>

#include <immintrin.h>

#include "harness/data/avx2.h"
#include "harness/data/resize.h"

namespace mra {
namespace {

constexpr int kWeightBits = 22;  ///< of Pillow's fixed-point weights
constexpr int kLowBits = 11;     ///< bits in the lower half of a weight
constexpr int kHalf = 1 << (kWeightBits - 1);

__m128i load(const uint8_t* bytes) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}

int32_t two_weights(const int16_t* weights) {
  int32_t both;
  std::memcpy(&both, weights, sizeof both);
  return both;
}

void store_pixel(int32_t rgb, uint8_t* out) {
  std::memcpy(out, &rgb, sizeof rgb);
}

/// Computes Σ high·2^11 + low for four sums, rounded and shifted to 8-bit values.
__m128i levels(__m128i high, __m128i low) {
  const __m128i sum =
      _mm_add_epi32(_mm_slli_epi32(high, kLowBits), _mm_add_epi32(low, _mm_set1_epi32(kHalf)));
  return _mm_srai_epi32(sum, kWeightBits);
}

/// Computes one pixel, all channels at once, by pairs of input pixels.
int32_t narrow_pixel(const uint8_t* in, const int16_t* high, const int16_t* low, int taps) {
  const __m128i zero = _mm_setzero_si128();
  __m128i high_sum = zero, low_sum = zero;
  for (int k = 0; k < taps; k += 2, in += 6) {
    const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(in));
    const __m128i both = _mm_unpacklo_epi8(bytes, _mm_srli_si128(bytes, 3));  // r0 r1 g0 g1 b0 b1
    const __m128i wide = _mm_unpacklo_epi8(both, zero);
    high_sum = _mm_add_epi32(high_sum, _mm_madd_epi16(wide, _mm_set1_epi32(two_weights(high + k))));
    low_sum = _mm_add_epi32(low_sum, _mm_madd_epi16(wide, _mm_set1_epi32(two_weights(low + k))));
  }
  const __m128i words = _mm_packs_epi32(levels(high_sum, low_sum), zero);
  return _mm_cvtsi128_si32(_mm_packus_epi16(words, zero));
}

void narrow_sse2(const uint8_t* const in[2], const AxisWeights& across, bool flipped,
                 uint8_t* const out[2]) {
  for (int x = 0; x < across.count(); ++x) {
    const int from = flipped ? across.count() - 1 - x : x;
    for (int row = 0; row < 2; ++row)
      store_pixel(narrow_pixel(in[row] + 3 * across.start(from), across.high(from),
                               across.low(from), across.taps()),
                  out[row] + 3 * x);
  }
}

/// Computes eight bytes of a row from the same columns of `taps` rows.
void flatten_sse2(const uint8_t* in, size_t pitch, const int16_t* high, const int16_t* low,
                  int taps, size_t bytes, uint8_t* out) {
  const __m128i zero = _mm_setzero_si128();
  for (size_t x = 0; x < bytes; x += 8) {
    __m128i high_a = zero, high_b = zero, low_a = zero, low_b = zero;
    const uint8_t* at = in + x;
    for (int k = 0; k < taps; k += 2, at += 2 * pitch) {
      const __m128i upper = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at));
      const __m128i lower = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(at + pitch));
      const __m128i both = _mm_unpacklo_epi8(upper, lower);
      const __m128i a = _mm_unpacklo_epi8(both, zero), b = _mm_unpackhi_epi8(both, zero);
      const __m128i weight_high = _mm_set1_epi32(two_weights(high + k));
      const __m128i weight_low = _mm_set1_epi32(two_weights(low + k));
      high_a = _mm_add_epi32(high_a, _mm_madd_epi16(a, weight_high));
      high_b = _mm_add_epi32(high_b, _mm_madd_epi16(b, weight_high));
      low_a = _mm_add_epi32(low_a, _mm_madd_epi16(a, weight_low));
      low_b = _mm_add_epi32(low_b, _mm_madd_epi16(b, weight_low));
    }
    const __m128i words = _mm_packs_epi32(levels(high_a, low_a), levels(high_b, low_b));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(out + x), _mm_packus_epi16(words, zero));
  }
}

WITH_AVX2 __m256i wide_levels(__m256i high, __m256i low) {
  const __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high, kLowBits),
                                       _mm256_add_epi32(low, _mm256_set1_epi32(kHalf)));
  return _mm256_srai_epi32(sum, kWeightBits);
}

/// Both rows at once, one in each half of the registers.
WITH_AVX2 void narrow_avx2(const uint8_t* const in[2], const AxisWeights& across, bool flipped,
                           uint8_t* const out[2]) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i channels = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1));
  const int taps = across.taps(), count = across.count();
  for (int x = 0; x < count; ++x) {
    const int from = flipped ? count - 1 - x : x;
    const int16_t *high = across.high(from), *low = across.low(from);
    const size_t start = 3 * size_t(across.start(from));
    __m256i high_sum = zero, low_sum = zero;
    for (int k = 0; k < taps; k += 2) {
      const size_t at = start + 3 * size_t(k);
      const __m256i rows =
          _mm256_inserti128_si256(_mm256_castsi128_si256(load(in[0] + at)), load(in[1] + at), 1);
      const __m256i wide = _mm256_shuffle_epi8(rows, channels);
      high_sum = _mm256_add_epi32(
          high_sum, _mm256_madd_epi16(wide, _mm256_set1_epi32(two_weights(high + k))));
      low_sum = _mm256_add_epi32(low_sum,
                                 _mm256_madd_epi16(wide, _mm256_set1_epi32(two_weights(low + k))));
    }
    const __m256i words = _mm256_packs_epi32(wide_levels(high_sum, low_sum), zero);
    const __m256i bytes = _mm256_packus_epi16(words, zero);
    store_pixel(_mm_cvtsi128_si32(_mm256_castsi256_si128(bytes)), out[0] + 3 * x);
    store_pixel(_mm_cvtsi128_si32(_mm256_extracti128_si256(bytes, 1)), out[1] + 3 * x);
  }
}

WITH_AVX2 void flatten_avx2(const uint8_t* in, size_t pitch, const int16_t* high,
                            const int16_t* low, int taps, size_t bytes, uint8_t* out) {
  const __m256i zero = _mm256_setzero_si256();
  for (size_t x = 0; x < bytes; x += 16) {
    __m256i high_a = zero, high_b = zero, low_a = zero, low_b = zero;
    const uint8_t* at = in + x;
    for (int k = 0; k < taps; k += 2, at += 2 * pitch) {
      const __m128i upper = load(at), lower = load(at + pitch);
      const __m256i a = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(upper, lower));
      const __m256i b = _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(upper, lower));
      const __m256i weight_high = _mm256_set1_epi32(two_weights(high + k));
      const __m256i weight_low = _mm256_set1_epi32(two_weights(low + k));
      high_a = _mm256_add_epi32(high_a, _mm256_madd_epi16(a, weight_high));
      high_b = _mm256_add_epi32(high_b, _mm256_madd_epi16(b, weight_high));
      low_a = _mm256_add_epi32(low_a, _mm256_madd_epi16(a, weight_low));
      low_b = _mm256_add_epi32(low_b, _mm256_madd_epi16(b, weight_low));
    }
    // a0-3 b0-3 a4-7 b4-7: packing works within the halves of a register.
    const __m256i words = _mm256_permute4x64_epi64(
        _mm256_packs_epi32(wide_levels(high_a, low_a), wide_levels(high_b, low_b)), 0b11011000);
    _mm_storeu_si128(
        reinterpret_cast<__m128i*>(out + x),
        _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1)));
  }
}

}  // namespace

const ResizeKernels kSse2Kernels = {narrow_sse2, flatten_sse2};
const ResizeKernels kAvx2Kernels = {narrow_avx2, flatten_avx2};

const ResizeKernels& fastest_resize_kernels() {
  return uses_avx2() ? kAvx2Kernels : kSse2Kernels;
}

}  // namespace mra
