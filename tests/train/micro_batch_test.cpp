// A batch in slices has the gradients of the whole batch.
#include <atomic>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/train/device.h"
#include "harness/train/stepper.h"
#include "tests/train/tiny_task.h"

namespace mra {
namespace {

/// Learns without batch normalisation from 10 pictures a step.
class PlainTask : public Task {
 public:
  PlainTask() {
    torch::manual_seed(1);
    net_ =
        torch::nn::Sequential(torch::nn::Linear(6, 5), torch::nn::Tanh(), torch::nn::Linear(5, 3));
  }
  torch::nn::Module& module() override { return *net_; }
  int64_t steps_per_epoch() const override { return 4; }
  int64_t images_per_step() const override { return 10; }
  void start_epoch(int64_t, int64_t) override {}
  StepInputs inputs(const Step& step) override {
    torch::manual_seed(uint64_t(step.step) + 7);
    return {{"images", torch::randn({10, 6})},
            {"targets", one_hot_targets(torch::randint(3, {10}, torch::kInt64), 3)}};
  }
  torch::Tensor loss(const Step&, const StepInputs& inputs) override {
    largest_ = std::max(int64_t(largest_), inputs.at("images").size(0));
    return soft_cross_entropy(net_->forward(inputs.at("images")), inputs.at("targets"));
  }
  LossOfRows loss_of_rows() const override { return LossOfRows::kMean; }
  Metrics evaluate() override { return {}; }
  int64_t largest() const { return largest_; }

 private:
  torch::nn::Sequential net_{nullptr};
  std::atomic<int64_t> largest_ = 0;
};

struct Trained {
  std::vector<double> losses;
  torch::Tensor weights;
  int64_t largest = 0;
};

Trained train_with(int64_t micro_batch) {
  PlainTask task;
  Recipe recipe;
  recipe.epochs = 1;
  recipe.lr = 0.5;
  recipe.momentum = 0.9;
  recipe.schedule = "constant";
  recipe.micro_batch = micro_batch;
  Stepper stepper(task, recipe, torch::kCPU);
  Trained trained;
  for (int64_t i = 0; i < 4; ++i) {
    const Step step{.epoch = 0, .step_in_epoch = i, .step = i};
    const torch::Tensor loss = stepper.forward(step, task.inputs(step));
    stepper.update(step, loss);
    trained.losses.push_back(loss.item<double>());
  }
  trained.weights = task.module().parameters().front().detach().clone();
  trained.largest = task.largest();
  return trained;
}

TEST(MicroBatch, HasTheGradientsOfTheWholeBatch) {
  const Trained whole = train_with(0);
  EXPECT_EQ(whole.largest, 10);
  for (const int64_t micro_batch : {1, 4, 5, 10}) {
    const Trained sliced = train_with(micro_batch);
    EXPECT_EQ(sliced.largest, micro_batch);
    for (size_t i = 0; i < whole.losses.size(); ++i)
      EXPECT_NEAR(sliced.losses[i], whole.losses[i], 1e-5) << micro_batch << ", step " << i;
    EXPECT_TRUE(sliced.weights.allclose(whole.weights, 1e-4, 1e-6)) << micro_batch;
  }
}

TEST(MicroBatch, IsRefusedWhereSlicesDiffer) {
  struct Averaging : TinyTask {
    LossOfRows loss_of_rows() const override { return LossOfRows::kMean; }
  };
  Recipe recipe;
  recipe.epochs = 1;
  recipe.micro_batch = 2;
  TinyTask other;
  EXPECT_THROW(Stepper(other, recipe, torch::kCPU), Error);
  Averaging with_batch_norm;
  EXPECT_THROW(Stepper(with_batch_norm, recipe, torch::kCPU), Error);
}

}  // namespace
}  // namespace mra
