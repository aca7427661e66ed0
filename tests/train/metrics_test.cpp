#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "harness/train/metrics.h"

namespace mra {
namespace {

TEST(Metrics, EqualLogitsRankTheLowerClassFirst) {
  const torch::Tensor logits = torch::tensor({1.f, 1.f, 0.f, 2.f, 2.f, 2.f}).view({2, 3});
  EXPECT_TRUE(label_rank(logits, torch::tensor({1, 0})).equal(torch::tensor({1, 0})));
}

TEST(Metrics, ANanNeverCountsAsRight) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  TopK accuracy;
  accuracy.add(torch::full({4, 10}, nan), torch::tensor({0, 3, 5, 9}));
  EXPECT_EQ(accuracy.correct1, 0);
  EXPECT_EQ(accuracy.correct5, 0);
}

TEST(Metrics, AGroupWithoutClassesIsZeroAndNotANan) {
  const GroupAccuracy groups = group_accuracy({0, 1, 1}, {0, 1, 0}, {500, 50});
  EXPECT_DOUBLE_EQ(groups.many, 50);
  EXPECT_DOUBLE_EQ(groups.medium, 100);
  EXPECT_EQ(groups.few, 0);
  EXPECT_NEAR(groups.all, 200.0 / 3, 1e-12);
}

}  // namespace
}  // namespace mra
