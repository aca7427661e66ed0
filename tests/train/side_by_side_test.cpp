// What a step does on several threads, with one thread for tensor operations.
#include <chrono>
#include <condition_variable>
#include <mutex>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/system_facts.h"
#include "harness/train/device.h"
#include "harness/train/stepper.h"
#include "tests/train/tiny_task.h"

namespace mra {
namespace {

/// Counts events; waits for them without an end only when something is wrong.
class Events {
 public:
  void happen() {
    const std::lock_guard lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  bool wait_for(int64_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(30), [&] { return count_ >= count; });
  }
  int64_t count() {
    const std::lock_guard lock(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int64_t count_ = 0;
};

class SideBySide : public testing::Test {
 protected:
  SideBySide() { set_threads(1); }
  ~SideBySide() override { set_threads(0); }
};

Recipe tiny_recipe() {
  Recipe recipe;
  recipe.epochs = 1;
  recipe.lr = 0.1;
  recipe.momentum = 0.9;
  return recipe;
}

struct Trained {
  std::vector<double> losses;
  std::vector<torch::Tensor> weights;
};

Trained train_epoch(Task& task, const Recipe& recipe) {
  Stepper stepper(task, recipe, torch::kCPU);
  Trained trained;
  task.start_epoch(0, 0);
  for (Step step; step.step < stepper.steps_per_epoch(); ++step.step, ++step.step_in_epoch) {
    const torch::Tensor loss = stepper.forward(step, stepper.inputs(step));
    stepper.update(step, loss);
    trained.losses.push_back(loss.item<double>());
  }
  for (const auto& parameter : task.module().parameters())
    trained.weights.push_back(parameter.detach().clone());
  return trained;
}

void expect_equal(const Trained& one, const Trained& other) {
  EXPECT_EQ(one.losses, other.losses);
  for (size_t i = 0; i < one.weights.size(); ++i)
    EXPECT_TRUE(one.weights[i].equal(other.weights[i])) << i;
}

TEST_F(SideBySide, TheInputsOfTheNextStepAreMadeDuringAStep) {
  struct Waiting : TinyTask {
    StepInputs inputs(const Step& step) override {
      auto made_inputs = TinyTask::inputs(step);
      made.happen();
      return made_inputs;
    }
    torch::Tensor loss(const Step& step, const StepInputs& inputs) override {
      EXPECT_TRUE(made.wait_for(std::min(step.step + 2, kSteps)));
      return TinyTask::loss(step, inputs);
    }
    Events made;
  } task;
  train_epoch(task, tiny_recipe());
  EXPECT_EQ(task.made.count(), TinyTask::kSteps);
  EXPECT_TRUE(task.in_order);
}

/// Its inputs come after the update of the step before.
struct Dependent : TinyTask {
  bool inputs_use_weights() const override { return true; }
  StepInputs inputs(const Step& step) override {
    seen_weights.push_back(net->fc->bias[0].item<float>());
    return TinyTask::inputs(step);
  }
  std::vector<float> seen_weights;
};

TEST_F(SideBySide, InputsThatUseTheWeightsWaitForTheStepBefore) {
  Dependent task;
  train_epoch(task, tiny_recipe());
  for (size_t i = 1; i < task.seen_weights.size(); ++i)
    EXPECT_NE(task.seen_weights[i], task.seen_weights[i - 1]) << i;
}

TEST_F(SideBySide, TheResultIsThatOfOneThread) {
  TinyTask beside;
  Dependent one_by_one;
  expect_equal(train_epoch(beside, tiny_recipe()), train_epoch(one_by_one, tiny_recipe()));
}

TEST_F(SideBySide, ABadPictureFailsItsOwnStep) {
  struct Bad : TinyTask {
    StepInputs inputs(const Step& step) override {
      if (step.step == 2) fail(ErrorKind::kFailure, "picture.jpg", "is damaged", "replace it");
      return TinyTask::inputs(step);
    }
    torch::Tensor loss(const Step& step, const StepInputs& inputs) override {
      last = step.step;
      return TinyTask::loss(step, inputs);
    }
    int64_t last = -1;
  } task;
  EXPECT_THROW(train_epoch(task, tiny_recipe()), Error);
  EXPECT_EQ(task.last, 1);
}

/// Learns from rows that know nothing of each other.
class Rows : public Task {
 public:
  explicit Rows(LossOfRows kind) : kind_(kind) {
    torch::manual_seed(1);
    net_ =
        torch::nn::Sequential(torch::nn::Linear(6, 5), torch::nn::Tanh(), torch::nn::Linear(5, 3));
  }
  torch::nn::Module& module() override { return *net_; }
  int64_t steps_per_epoch() const override { return 3; }
  int64_t images_per_step() const override { return 4; }
  void start_epoch(int64_t, int64_t) override {}
  StepInputs inputs(const Step& step) override {
    const auto first = torch::arange(24, torch::kFloat32).view({4, 6}) + double(step.step);
    return {{"rows", first.sin()}};
  }
  torch::Tensor loss(const Step&, const StepInputs& inputs) override {
    begun.happen();
    EXPECT_TRUE(begun.wait_for(together));
    const auto each = net_->forward(inputs.at("rows")).square().sum(1);
    return kind_ == LossOfRows::kMean ? each.mean() : each.sum();
  }
  LossOfRows loss_of_rows() const override { return kind_; }
  Metrics evaluate() override { return {}; }

  Events begun;
  int64_t together = 0;  ///< slices that must have begun before one ends

 private:
  LossOfRows kind_;
  torch::nn::Sequential net_{nullptr};
};

TEST_F(SideBySide, SlicesAreComputedAtTheSameTime) {
  if (usable_cores() < 2) GTEST_SKIP() << "needs two cores";
  Rows task(LossOfRows::kSum);
  task.together = 2;
  train_epoch(task, tiny_recipe());
  EXPECT_EQ(task.begun.count(), 3 * 4);
}

TEST_F(SideBySide, SlicesAddUpInTheirOrder) {
  Recipe sliced = tiny_recipe();
  sliced.micro_batch = 1;
  for (const LossOfRows kind : {LossOfRows::kMean, LossOfRows::kSum}) {
    Rows beside(kind), one_by_one(kind);
    const Recipe& recipe = kind == LossOfRows::kMean ? sliced : tiny_recipe();
    const Trained many = train_epoch(beside, recipe);
    set_threads(2);  // with more than one, slices are computed one after the other
    const Trained one = train_epoch(one_by_one, recipe);
    set_threads(1);
    expect_equal(many, one);
  }
}

TEST_F(SideBySide, ASumOfRowsIsNotDivided) {
  Rows sliced(LossOfRows::kSum), whole(LossOfRows::kNone);
  const Trained in_slices = train_epoch(sliced, tiny_recipe());
  const Trained at_once = train_epoch(whole, tiny_recipe());
  for (size_t i = 0; i < at_once.losses.size(); ++i)
    EXPECT_NEAR(in_slices.losses[i] / at_once.losses[i], 1, 1e-5) << i;
}

}  // namespace
}  // namespace mra
