#include "harness/train/schedule.h"

#include <gtest/gtest.h>

namespace mra {
namespace {

Recipe recipe_of(const std::string& schedule) {
  Recipe recipe;
  recipe.epochs = 10;
  recipe.lr = 0.4;
  recipe.schedule = schedule;
  return recipe;
}

TEST(Schedule, CosineFallsFromPeakToTheLowestRateStepByStep) {
  Recipe recipe = recipe_of("cosine");
  recipe.min_lr = 0.1;
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 0, 4), 0.4);
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 20, 4), 0.25);
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 40, 4), 0.1);
  EXPECT_LT(learning_rate(recipe, 1, 4), learning_rate(recipe, 0, 4));
}

TEST(Schedule, EpochCosineIsConstantWithinAnEpoch) {
  const Recipe recipe = recipe_of("epoch_cosine");
  EXPECT_EQ(learning_rate(recipe, 4, 4), learning_rate(recipe, 7, 4));
  EXPECT_GT(learning_rate(recipe, 7, 4), learning_rate(recipe, 8, 4));
}

TEST(Schedule, WarmUpRisesLinearlyFromZeroWhateverFollows) {
  for (const std::string schedule : {"cosine", "epoch_cosine", "step", "multistep", "constant"}) {
    Recipe recipe = recipe_of(schedule);
    recipe.warmup_epochs = 2;
    EXPECT_EQ(learning_rate(recipe, 0, 4), 0.0);
    EXPECT_DOUBLE_EQ(learning_rate(recipe, 3, 4), 0.4 * 3 / 8);
  }
}

TEST(Schedule, CosineStartsAtThePeakWhereTheWarmUpEnds) {
  Recipe recipe = recipe_of("cosine");
  recipe.warmup_epochs = 2;
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 8, 4), 0.4);
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 24, 4), 0.2);
}

TEST(Schedule, StepDropsEveryFewEpochs) {
  Recipe recipe = recipe_of("step");
  recipe.step_epochs = 3;
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 11, 4), 0.4);
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 12, 4), 0.04);
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 24, 4), 0.004);
}

TEST(Schedule, MultistepDropsAtItsMilestones) {
  Recipe recipe = recipe_of("multistep");
  recipe.milestones = {2, 7};
  recipe.gamma = 0.5;
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 7, 4), 0.4);
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 8, 4), 0.2);
  EXPECT_DOUBLE_EQ(learning_rate(recipe, 28, 4), 0.1);
}

TEST(Schedule, FixmatchKeepsAFifthOfTheRateToTheEnd) {
  EXPECT_DOUBLE_EQ(fixmatch_cosine(0.03, 0, 100), 0.03);
  EXPECT_NEAR(fixmatch_cosine(0.03, 100, 100), 0.03 * 0.19509, 1e-6);
}

}  // namespace
}  // namespace mra
