#include "harness/train/probe.h"

#include <numeric>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/train/device.h"
#include "harness/train/ema.h"
#include "harness/train/trainer.h"
#include "tests/support/temp_dir.h"
#include "tests/train/tiny_task.h"

namespace mra {
namespace {

Recipe tiny_recipe() {
  set_threads(1);
  Recipe recipe;
  recipe.epochs = 2;
  recipe.batch_size = TinyTask::kBatch;
  recipe.lr = 0.05;
  recipe.momentum = 0.9;
  return recipe;
}

/// Also learns to agree with the averaged weights.
class TaughtTask : public TinyTask {
 public:
  void use_average(AveragedWeights& average) override { average_ = &average; }
  torch::Tensor loss(const Step& step, const StepInputs& inputs) override {
    const torch::Tensor own = TinyTask::loss(step, inputs);
    const AveragedWeights::Scope scope(*average_);
    return own + net(inputs.at("images")).detach().square().mean();
  }

 private:
  AveragedWeights* average_ = nullptr;
};

template <typename SomeTask>
static void expect_losses_of_the_run(const Recipe& recipe) {
  TempDir folder;
  RunDirectory directory(folder.path());
  JournalWriter journal(directory.journal_file());
  Progress progress;
  const std::atomic<bool> stop{false};
  SomeTask trained, probed;
  const TrainResult run = train(trained, recipe, {torch::kCPU, directory, journal, progress, stop});
  const auto losses = probe(probed, recipe, torch::kCPU, {.steps = 2 * TinyTask::kSteps}).losses;
  for (size_t epoch = 0; epoch < 2; ++epoch) {
    const auto first = losses.begin() + long(epoch * TinyTask::kSteps);
    EXPECT_EQ(run.curves.at("train_loss")[epoch].second,
              std::accumulate(first, first + TinyTask::kSteps, 0.0) / TinyTask::kSteps);
  }
  EXPECT_TRUE(probed.in_order);
}

TEST(Probe, MeetsTheLossesOfTheRun) {
  expect_losses_of_the_run<TinyTask>(tiny_recipe());
}

TEST(Probe, MeetsThoseOfARunWithATeacher) {
  Recipe recipe = tiny_recipe();
  recipe.ema_decay = 0.5;
  expect_losses_of_the_run<TaughtTask>(recipe);
}

TEST(Probe, KeepsTheWeightsOfTheBeginning) {
  TinyTask task, untouched;
  const auto result = probe(task, tiny_recipe(), torch::kCPU, {.steps = 3, .keep_inputs = true});
  for (const auto& [name, tensor] : state_dict(untouched.module()))
    EXPECT_TRUE(result.kept.at("model/" + name).equal(tensor)) << name;
  EXPECT_FALSE(task.net->fc->weight.equal(untouched.net->fc->weight));
  EXPECT_GT(result.images_per_s, 0);
}

TEST(Probe, RefusesMoreStepsThanTheRunHas) {
  TinyTask task;
  EXPECT_THROW(probe(task, tiny_recipe(), torch::kCPU, {.steps = 2 * TinyTask::kSteps + 1}), Error);
  EXPECT_THROW(probe(task, tiny_recipe(), torch::kCPU, {.steps = 3, .warmup_steps = 3}), Error);
}

}  // namespace
}  // namespace mra
