#include "harness/data/byte_tables.h"

#include <immintrin.h>

#include "harness/data/avx2.h"

namespace mra {
namespace {

constexpr size_t kBlock_px = 32;  ///< three registers of 32 bytes

WITH_AVX2 inline __m256i in_both_halves(const uint8_t* bytes) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes)));
}

/// Looks up 32 values. The lower four bits select within each sixteenth of the table. Each of the
/// upper bits then halves the number of candidates.
WITH_AVX2 inline __m256i found(__m256i values, const Table& table) {
  const __m256i low = _mm256_and_si256(values, _mm256_set1_epi8(15));
  // A blend looks at the top bit of each byte.
  const __m256i bits[4] = {_mm256_slli_epi16(values, 3), _mm256_slli_epi16(values, 2),
                           _mm256_slli_epi16(values, 1), values};
  __m256i candidates[16];
  for (size_t k = 0; k < 16; ++k)
    candidates[k] = _mm256_shuffle_epi8(in_both_halves(table.data() + 16 * k), low);
  for (int bit = 0, left = 8; bit < 4; ++bit, left /= 2)
    for (int k = 0; k < left; ++k)
      candidates[k] = _mm256_blendv_epi8(candidates[2 * k], candidates[2 * k + 1], bits[bit]);
  return candidates[0];
}

/// For _mm256_shuffle_epi8: takes what byte_of(k) names to place k of sixteen; −1: zero.
template <typename ByteOf>
WITH_AVX2 inline __m256i order(ByteOf byte_of) {
  alignas(16) uint8_t bytes[16];
  for (int k = 0; k < 16; ++k) {
    const int byte = byte_of(k);
    bytes[k] = byte >= 0 && byte < 16 ? uint8_t(byte) : uint8_t(255);
  }
  return in_both_halves(bytes);
}

/// Reorders 3 × 32 bytes: place k of register `to` comes from byte order[to][from] of the others.
WITH_AVX2 inline void reorder(const __m256i in[3], const __m256i orders[3][3], __m256i out[3]) {
  for (int to = 0; to < 3; ++to)
    out[to] = _mm256_or_si256(_mm256_or_si256(_mm256_shuffle_epi8(in[0], orders[to][0]),
                                              _mm256_shuffle_epi8(in[1], orders[to][1])),
                              _mm256_shuffle_epi8(in[2], orders[to][2]));
}

WITH_AVX2 inline __m128i* sixteen(uint8_t* rgb, int i) {
  return reinterpret_cast<__m128i*>(rgb + 16 * i);
}

/// Each half of the registers has sixteen pixels of its own. Returns the number of pixels done.
WITH_AVX2 size_t look_up_avx2(uint8_t* rgb, size_t pixels, const std::array<Table, 3>& tables) {
  __m256i apart[3][3], together[3][3];
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      apart[a][b] = order([&](int k) { return 3 * k + a - 16 * b; });
      together[a][b] = order([&](int k) { return (16 * a + k) % 3 == b ? (16 * a + k) / 3 : -1; });
    }
  size_t done = 0;
  for (; done + kBlock_px <= pixels; done += kBlock_px, rgb += 3 * kBlock_px) {
    __m256i mixed[3], channels[3];
    for (int i = 0; i < 3; ++i)
      mixed[i] = _mm256_loadu2_m128i(sixteen(rgb, i + 3), sixteen(rgb, i));
    reorder(mixed, apart, channels);
    for (size_t c = 0; c < 3; ++c) channels[c] = found(channels[c], tables[c]);
    reorder(channels, together, mixed);
    for (int i = 0; i < 3; ++i)
      _mm256_storeu2_m128i(sixteen(rgb, i + 3), sixteen(rgb, i), mixed[i]);
  }
  return done;
}

}  // namespace

void look_up(uint8_t* rgb, size_t pixels, const std::array<Table, 3>& tables) {
  size_t i = uses_avx2() ? look_up_avx2(rgb, pixels, tables) : 0;
  for (rgb += 3 * i; i < pixels; ++i, rgb += 3)
    for (size_t c = 0; c < 3; ++c) rgb[c] = tables[c][rgb[c]];
}

}  // namespace mra
