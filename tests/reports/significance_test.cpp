#include "reports/significance.h"

#include <cmath>

#include <gtest/gtest.h>

namespace mra {

// The values of Clopper and Pearson: of none in ten 1 - 0.025^(1/10), of five in ten R's
// binom.test.
TEST(Significance, AShareOfPicturesIsExactToTheTrial) {
  const Interval none = share_interval(0, 10), half = share_interval(50, 10),
                 all = share_interval(100, 10);
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 100 * (1 - std::pow(0.025, 0.1)), 1e-9);
  EXPECT_NEAR(half.low, 18.70860, 1e-5);
  EXPECT_NEAR(half.high, 81.29140, 1e-5);
  EXPECT_NEAR(all.low, 100 * std::pow(0.025, 0.1), 1e-9);
  EXPECT_EQ(all.high, 100);
}

// Student's t: 2.91999 is its 95 % point with 2 degrees of freedom, 2.13185 with 4.
TEST(Significance, AFewValuesShareOneSpread) {
  const Difference estimate = difference_of_means({71, 73}, {68, 72});
  EXPECT_DOUBLE_EQ(estimate.value, 2);
  EXPECT_DOUBLE_EQ(estimate.degrees, 2);
  EXPECT_DOUBLE_EQ(estimate.standard_error, std::sqrt((2 + 8) / 2.0));
  EXPECT_NEAR(interval(estimate).high, 2 + 2.91999 * std::sqrt(5), 1e-4);
}

TEST(Significance, FourValuesAndMoreHaveTheirOwnSpreadEach) {
  // Variances 20/3 and 5/3, of means 5/3 and 5/12.
  const Difference estimate = difference_of_means({1, 3, 5, 7}, {0, 1, 2, 3});
  EXPECT_DOUBLE_EQ(estimate.value, 2.5);
  EXPECT_DOUBLE_EQ(estimate.standard_error, std::sqrt(5.0 / 3 + 5.0 / 12));
  const double sum = 5.0 / 3 + 5.0 / 12;
  EXPECT_DOUBLE_EQ(estimate.degrees, sum * sum / (25.0 / 9 / 3 + 25.0 / 144 / 3));
}

TEST(Significance, ABorrowedSpreadServesSingleSeeds) {
  const Difference estimate = difference_of_means({78}, {76}, 0.26, 3);
  EXPECT_DOUBLE_EQ(estimate.value, 2);
  EXPECT_DOUBLE_EQ(estimate.standard_error, 0.26 * std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(estimate.degrees, 2);
}

TEST(Significance, APredictionIntervalIsThatOfOneMoreRun) {
  // Half of it about 0.76 for five runs with a standard deviation of 0.25: 2.776 * 0.25 * 1.095 at
  // 95 %, here 2.132 * 0.25 * 1.095 at 90 %.
  const double step = 0.25 / std::sqrt(2.5);  // of -2 … 2 the standard deviation is sqrt(2.5)
  const Difference estimate = difference_to_one_run({-2 * step, -step, 0, step, 2 * step}, 0);
  EXPECT_NEAR(interval(estimate).high, 2.13185 * 0.25 * std::sqrt(1.2), 1e-5);
}

TEST(Significance, ProbabilitiesAreThoseOfStudentsT) {
  const Difference estimate = {2, 1, 4};
  EXPECT_NEAR(p_above(estimate, 2 - 2.13185), 0.05, 1e-5);
  EXPECT_NEAR(p_below(estimate, 2 + 2.13185), 0.05, 1e-5);
  EXPECT_NEAR(p_above(estimate, 2), 0.5, 1e-12);
  EXPECT_DOUBLE_EQ(p_inside(estimate, {-1, 4}), p_below(estimate, 4));
  EXPECT_DOUBLE_EQ(p_inside(estimate, {1, 9}), p_above(estimate, 1));
  // Outside a range of no width: two-sided.
  EXPECT_NEAR(p_outside(estimate, {0, 0}), 2 * p_above(estimate, 0), 1e-12);
  EXPECT_DOUBLE_EQ(p_outside(estimate, {1.5, 2.5}), 1);  // it lies in the middle
}

TEST(Significance, HolmMultipliesTheSmallestByAllTheNextByOneLess) {
  const auto adjusted = holm({0.04, 0.01, 0.03, 0.9});
  EXPECT_DOUBLE_EQ(adjusted[1], 0.04);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.09);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.09);  // 0.08, but not below the one before
  EXPECT_DOUBLE_EQ(adjusted[3], 0.9);
  EXPECT_TRUE(holm({}).empty());
}

}  // namespace mra
