#include "harness/train/headline.h"

#include <gtest/gtest.h>

namespace mra {
namespace {

constexpr int64_t kSteps = 20;

Recipe every_eight_steps() {
  Recipe recipe;
  recipe.evaluate_every_steps = 8;
  return recipe;
}

/// After steps 0, 8 and 16 of 20, 5 an epoch, and at the end, which is the best.
const std::map<std::string, Curve> kCurves = {
    {"top1", {{0.2, 10}, {1.8, 30}, {3.4, 20}, {4.0, 50}}}};

TEST(HeadlineSummary, LeavesOutALastEvaluationBesideTheSteps) {
  const Metrics summary =
      headline_summary(kCurves, "top1", {{"top1", 50}}, every_eight_steps(), kSteps);
  EXPECT_EQ(summary.at("top1/best"), 30);
  EXPECT_EQ(summary.at("best_epoch"), 1.8);
  EXPECT_EQ(summary.at("top1/last"), 20);
}

TEST(HeadlineSummary, CountsEveryEvaluationWhoseWeightsMayBeKept) {
  Recipe recipe = every_eight_steps();
  recipe.keep = "best";
  const Metrics summary = headline_summary(kCurves, "top1", {{"top1", 50}}, recipe, kSteps);
  EXPECT_EQ(summary.at("top1/best"), 50);
  EXPECT_EQ(summary.at("best_epoch"), 4.0);
}

}  // namespace
}  // namespace mra
