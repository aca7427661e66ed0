#include "harness/base/rng.h"

#include <cmath>
#include <numbers>

namespace mra {

std::array<uint32_t, 4> philox4x32_10(std::array<uint32_t, 4> c, std::array<uint32_t, 2> k) {
  constexpr uint64_t kMultiplier0 = 0xD2511F53, kMultiplier1 = 0xCD9E8D57;
  constexpr uint32_t kWeyl0 = 0x9E3779B9, kWeyl1 = 0xBB67AE85;
  for (int round = 0; round < 10; ++round) {
    const uint64_t p0 = kMultiplier0 * c[0], p1 = kMultiplier1 * c[2];
    c = {uint32_t(p1 >> 32) ^ c[1] ^ k[0], uint32_t(p1), uint32_t(p0 >> 32) ^ c[3] ^ k[1],
         uint32_t(p0)};
    k = {k[0] + kWeyl0, k[1] + kWeyl1};
  }
  return c;
}

// Each field of the key has bits of its own in counter and key, so no two streams share a block.
Rng::Rng(const StreamKey& key)
    : counter_{0, uint32_t(key.index), key.epoch,
               uint32_t(key.purpose) << 24 | key.view << 20 | uint32_t(key.index >> 32)},
      key_{uint32_t(key.seed), uint32_t(key.seed >> 32)} {}

uint32_t Rng::next_u32() {
  if (used_ == 4) {
    block_ = philox4x32_10(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[size_t(used_++)];
}

uint64_t Rng::next_u64() {
  const uint64_t high = next_u32();
  return high << 32 | next_u32();
}

double Rng::uniform() {
  return double(next_u64() >> 11) * 0x1p-53;
}

double Rng::uniform(double low, double high) {
  return low + uniform() * (high - low);
}

/// Lemire (2019): the high word of a product. The few values that would cause bias are drawn again.
uint64_t Rng::below(uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  Wide product = Wide(next_u64()) * n;
  if (uint64_t(product) < n) {
    const uint64_t uneven = (0 - n) % n;
    while (uint64_t(product) < uneven) product = Wide(next_u64()) * n;
  }
  return uint64_t(product >> 64);
}

/// Box and Muller (1958), cosine half only, so that the stream keeps no second value for later.
double Rng::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

/// Marsaglia and Tsang (2000); shapes below 1 use shape + 1.
double Rng::gamma(double shape) {
  if (shape < 1.0) {
    const double power = std::log(1.0 - uniform()) / shape;
    return gamma(shape + 1.0) * std::exp(power);
  }
  const double d = shape - 1.0 / 3.0, c = 1.0 / std::sqrt(9.0 * d);
  while (true) {
    const double x = normal(), v = std::pow(1.0 + c * x, 3);
    if (v > 0 && std::log(1.0 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v))
      return d * v;
  }
}

double Rng::beta(double a, double b) {
  if (a == 1.0 && b == 1.0) return uniform();
  const double x = gamma(a), y = gamma(b);
  if (x + y > 0) return x / (x + y);
  return uniform() < a / (a + b) ? 1.0 : 0.0;  // both underflowed: the result is 0 or 1
}

}  // namespace mra
