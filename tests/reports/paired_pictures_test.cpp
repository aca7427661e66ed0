#include "reports/paired_pictures.h"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/base/rng.h"
#include "reports/flips.h"

namespace mra {
namespace {

using Right = std::vector<std::vector<bool>>;

Right drawn(int seeds, int pictures, double chance, uint64_t seed) {
  Rng rng({.seed = seed});
  Right right(static_cast<size_t>(seeds));
  for (auto& row : right)
    for (int i = 0; i < pictures; ++i) row.push_back(rng.uniform() < chance);
  return right;
}

}  // namespace

/// By the definition of the two-way analysis of variance, in percent.
TEST(PairedPictures, AreAnAnalysisOfVariance) {
  const int n = 4, count = 30;
  const Right first = drawn(n, count, 0.8, 1), second = drawn(n, count, 0.6, 2);
  const auto d = [&](int s, int i) {
    return 100.0 * (double(first[size_t(s)][size_t(i)]) - double(second[size_t(s)][size_t(i)]));
  };
  double mean = 0, seeds = 0, pictures = 0, rest = 0;
  std::vector<double> of_seed(n), of_picture(count);
  for (int s = 0; s < n; ++s)
    for (int i = 0; i < count; ++i) {
      mean += d(s, i) / (n * count);
      of_seed[size_t(s)] += d(s, i) / count;
      of_picture[size_t(i)] += d(s, i) / n;
    }
  for (const double one : of_seed) seeds += std::pow(one - mean, 2) / (n - 1);
  for (const double one : of_picture) pictures += n * std::pow(one - mean, 2) / (count - 1);
  for (int s = 0; s < n; ++s)
    for (int i = 0; i < count; ++i)
      rest += std::pow(d(s, i) - of_seed[size_t(s)] - of_picture[size_t(i)] + mean, 2) /
              ((n - 1) * (count - 1));
  const PairedPictures found = paired_pictures(first, second);
  EXPECT_NEAR(found.difference, mean, 1e-9);
  EXPECT_NEAR(found.seed_variance, seeds, 1e-9);
  EXPECT_NEAR(found.picture_variance, std::max(0.0, (pictures - rest) / (n * count)), 1e-9);
  EXPECT_EQ(found.seeds, n);
  EXPECT_EQ(found.pictures, count);
}

TEST(PairedPictures, MoreSeedsLeaveTheVarianceOfThePictures) {
  const PairedPictures found{2, 0.5, 0.3, 3, 500};
  EXPECT_NEAR(found.with_seeds(5).standard_error, std::sqrt(0.1 + 0.3), 1e-12);
  EXPECT_NEAR(found.with_seeds(5).degrees, 4 / ((0.25 - 0.15) / 0.85), 1e-6);
  EXPECT_EQ(found.with_seeds(5).tail_degrees, 4);
}

TEST(PairedPictures, DegreesOfTwoSeedsReachOneAndManyBeforeTheVarianceIsOfOneKind) {
  const auto degrees = [](double of_seeds, double of_pictures) {
    return PairedPictures{2, 2 * of_seeds, of_pictures, 2, 500}.with_seeds(2).degrees;
  };
  EXPECT_EQ(degrees(0.45, 0.55), 1);
  EXPECT_EQ(degrees(1, 0), 1);
  EXPECT_GT(degrees(0.15, 0.85), 1000);
  EXPECT_NEAR(degrees(0.3, 0.7), 2, 1e-6);
}

TEST(PairedPictures, SeedsWhoseDifferencesAgreeStillHaveTheErrorOfRounding) {
  Right first(2, std::vector<bool>(100)), second = first;
  first[0][1] = first[0][2] = first[1][3] = first[1][4] = true;
  const PairedPictures found = paired_pictures(first, second);
  EXPECT_NEAR(found.difference, 2, 1e-9);
  EXPECT_NEAR(found.seed_variance, 1.0 / 12, 1e-9);  // a picture is 1 %
}

TEST(PairedPictures, EqualRowsHaveNoErrorButOfRounding) {
  const Right same = drawn(3, 20, 0.5, 1);
  const Difference none = paired_pictures(same, same).with_seeds(3);
  EXPECT_EQ(none.value, 0);
  EXPECT_NEAR(none.standard_error, 5 * std::sqrt(1.0 / 12 / 3), 1e-9);  // a picture is 5 %
  EXPECT_EQ(p_above(none, 0), 0.5);
}

TEST(McNemar, IsTheSumOverAllSplitsThatAreAtLeastSoUnequal) {
  for (const auto& [wrong, right] : {std::pair(0, 0), {3, 0}, {5, 2}, {7, 7}, {2, 19}, {40, 61}}) {
    const int all = wrong + right;
    double expected = 0, ways = 1;  // binomial coefficients, one after the other
    for (int k = 0; k <= all; ways = ways * (all - k) / (k + 1), ++k)
      if (std::abs(2 * k - all) >= std::abs(wrong - right)) expected += ways * std::pow(0.5, all);
    EXPECT_NEAR(mcnemar_p(wrong, right), std::min(1.0, expected), 1e-9) << wrong << " " << right;
  }
}

TEST(Flips, CountAndNameWhatChanges) {
  Evidence left{"shapes", "", "val", 12, {}}, right = left;
  for (int i = 0; i < 12; ++i) {
    left.right["top1"].push_back(i < 8);
    right.right["top1"].push_back(i >= 7);
  }
  left.right["top1/best"] = left.right["top1"];
  const Json found = flips(left, right, [](int64_t i) { return std::to_string(i) + ".png"; });
  ASSERT_EQ(found.size(), 1u);  // what one of them lacks is left out
  EXPECT_EQ(found[0]["right_to_wrong"], 7);
  EXPECT_EQ(found[0]["wrong_to_right"], 4);
  EXPECT_EQ(found[0]["both_right"], 1);
  EXPECT_EQ(found[0]["both_wrong"], 0);
  EXPECT_EQ(found[0]["flipped"].size(), 5u + 4u);
  const std::string text = flips_text(found);
  EXPECT_NE(text.find("right → wrong  7: 0.png, 1.png, 2.png, 3.png, 4.png, …"), std::string::npos)
      << text;
  EXPECT_NE(text.find("wrong → right  4: 8.png, 9.png, 10.png, 11.png\n"), std::string::npos);
}

}  // namespace mra
