#pragma once

#include <optional>

#include <torch/torch.h>

#include "harness/spec/recipe.h"
#include "harness/train/ema.h"
#include "harness/train/optimizer.h"
#include "harness/train/task.h"

namespace mra {

/// A training step in two halves, so that the caller can check the loss in between. It keeps the
/// averaged weights, if the recipe has an "ema_decay", and lends them to the task.
class Stepper {
 public:
  /// The task must outlive it.
  Stepper(Task& task, const Recipe& recipe, torch::Device device);

  /// Returns the loss, computed in the recipe's precision: a scalar that requires gradients. With
  /// a "micro_batch" the backward pass of each slice is done already, and it requires none.
  torch::Tensor forward(const Step& step, const StepInputs& inputs);
  /// Does the backward pass, the update with the step's learning rate and that of the averages.
  void update(const Step& step, const torch::Tensor& loss);

  int64_t steps_per_epoch() const { return steps_per_epoch_; }
  double lr(const Step& step) const;
  const Optimizer& optimizer() const { return optimizer_; }
  std::optional<AveragedWeights>& averaged() { return averaged_; }

 private:
  torch::Tensor forward_in_slices(const Step& step, const StepInputs& inputs);

  Task& task_;
  const Recipe recipe_;
  torch::Device device_;
  int64_t steps_per_epoch_;
  Optimizer optimizer_;
  std::optional<AveragedWeights> averaged_;
};

}  // namespace mra
