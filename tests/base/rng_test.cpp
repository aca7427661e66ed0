#include "harness/base/rng.h"

#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace mra {

using Block = std::array<uint32_t, 4>;

// Known-answer vectors published with Random123 (Salmon et al. 2011).
TEST(Philox, MatchesThePublishedVectors) {
  EXPECT_EQ(philox4x32_10({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox4x32_10({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(
      philox4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
      (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Rng, SameKeySameNumbers) {
  Rng first({.seed = 7, .epoch = 1, .index = 2}), second({.seed = 7, .epoch = 1, .index = 2});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first.next_u64(), second.next_u64());
}

TEST(Rng, EveryFieldOfTheKeyChangesTheNumbers) {
  const StreamKey base{.seed = 7, .epoch = 1, .index = 2, .purpose = Purpose::kImage};
  std::set<uint64_t> first_numbers;
  std::vector<StreamKey> keys(7, base);
  keys[1].seed = 8;
  keys[2].seed = 7 + (uint64_t(1) << 32);
  keys[3].epoch = 2;
  keys[4].index = 3;
  keys[5].index = 2 + (uint64_t(1) << 32);
  keys[6].purpose = Purpose::kBatch;
  for (const StreamKey& key : keys) first_numbers.insert(Rng(key).next_u64());
  EXPECT_EQ(first_numbers.size(), keys.size());
}

TEST(Rng, BelowIsEvenForASmallRange) {
  Rng rng({.seed = 1});
  constexpr int kDraws = 60000, kValues = 6;
  std::vector<int> counts(kValues);
  for (int i = 0; i < kDraws; ++i) ++counts[rng.below(kValues)];
  double chi_square = 0;
  const double expected = double(kDraws) / kValues;
  for (const int count : counts) chi_square += std::pow(count - expected, 2) / expected;
  EXPECT_LT(chi_square, 20.5);  // 5 degrees of freedom, p = 0.001
}

TEST(Rng, BelowIsEvenForARangeThatDoesNotDivideTheWord) {
  Rng rng({.seed = 2});
  const uint64_t n =
      (uint64_t(1) << 63) + (uint64_t(1) << 62);  // plain modulo favours the low third
  int low = 0;
  for (int i = 0; i < 30000; ++i) low += rng.below(n) < n / 3;
  EXPECT_NEAR(low, 10000, 4 * std::sqrt(30000.0 * 2 / 9));
}

/// Largest distance between the draws' distribution and `cdf` (Kolmogorov and Smirnov).
template <typename Draw, typename Cdf>
static double distance(Draw draw, Cdf cdf, int n = 20000) {
  std::vector<double> values;
  for (int i = 0; i < n; ++i) values.push_back(draw());
  std::sort(values.begin(), values.end());
  double largest = 0;
  for (int i = 0; i < n; ++i) {
    const double expected = cdf(values[size_t(i)]);
    largest = std::max({largest, expected - double(i) / n, double(i + 1) / n - expected});
  }
  return largest * std::sqrt(double(n));  // above 1.95 with p = 0.001
}

TEST(Rng, UniformIsUniform) {
  Rng rng({.seed = 3});
  EXPECT_LT(distance([&] { return rng.uniform(); }, [](double x) { return x; }), 1.95);
}

TEST(Rng, NormalIsNormal) {
  Rng rng({.seed = 4});
  const auto cdf = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  EXPECT_LT(distance([&] { return rng.normal(); }, cdf), 1.95);
}

TEST(Rng, BetaFollowsItsDistribution) {
  Rng rng({.seed = 5});
  EXPECT_LT(distance([&] { return rng.beta(1, 1); }, [](double x) { return x; }), 1.95);
  const auto cdf_2_1 = [](double x) { return x * x; };
  EXPECT_LT(distance([&] { return rng.beta(2, 1); }, cdf_2_1), 1.95);
  const auto arcsine = [](double x) { return 2 / M_PI * std::asin(std::sqrt(x)); };
  EXPECT_LT(distance([&] { return rng.beta(0.5, 0.5); }, arcsine), 1.95);
}

TEST(Rng, BetaOfTinyShapesStaysFinite) {
  Rng rng({.seed = 6});
  for (int i = 0; i < 1000; ++i) {
    const double value = rng.beta(1e-5, 1e-5);
    EXPECT_TRUE(value >= 0 && value <= 1);
  }
}

}  // namespace mra
