#pragma once

#include <future>
#include <memory>
#include <optional>
#include <vector>

#include <torch/torch.h>

#include "harness/base/side_thread.h"
#include "harness/spec/recipe.h"
#include "harness/train/ema.h"
#include "harness/train/optimizer.h"
#include "harness/train/task.h"

namespace mra {

/// A training step in parts, so that the caller can check the loss before the update. It keeps the
/// averaged weights, if the recipe has an "ema_decay", and lends them to the task.
///
/// On a CPU with one thread for tensor operations, other threads do what can be done at the same
/// time: they make the inputs of the next step, and compute the slices of a batch. Results do not
/// depend on it.
class Stepper {
 public:
  /// The task must outlive it. Between its calls, its caller may use the task, but not inputs().
  Stepper(Task& task, const Recipe& recipe, torch::Device device);

  /// Returns the inputs of the step. Call it once for each step of an epoch, in order, after
  /// Task::start_epoch().
  StepInputs inputs(const Step& step);
  /// Returns the loss, computed in the recipe's precision: a scalar that requires gradients. When
  /// the batch is computed in slices, their backward passes are done already, and it requires none.
  torch::Tensor forward(const Step& step, const StepInputs& inputs);
  /// Does the backward pass, the update with the step's learning rate and that of the averages.
  void update(const Step& step, const torch::Tensor& loss);

  int64_t steps_per_epoch() const { return steps_per_epoch_; }
  double lr(const Step& step) const;
  const Optimizer& optimizer() const { return optimizer_; }
  std::optional<AveragedWeights>& averaged() { return averaged_; }

 private:
  struct Coming {
    StepInputs inputs;
    double data_wait_s;  ///< waited for pictures while they were made
  };
  /// What a slice of the batch adds to the loss and to the gradients of parameters_.
  struct Slice {
    torch::Tensor loss;
    std::vector<torch::Tensor> gradients;
  };

  Coming make_inputs(const Step& step);
  int64_t rows_of_slice() const;
  Slice compute(const Step& step, const StepInputs& slice, double weight);
  torch::Tensor forward_in_slices(const Step& step, const StepInputs& inputs);
  void add_gradients(const std::vector<torch::Tensor>& gradients);

  Task& task_;
  const Recipe recipe_;
  torch::Device device_;
  int64_t steps_per_epoch_;
  Optimizer optimizer_;
  std::optional<AveragedWeights> averaged_;
  bool side_by_side_;                      ///< uses other threads
  std::vector<torch::Tensor> parameters_;  ///< those that are trained
  std::future<Coming> coming_;             ///< the inputs of the next step, if they are being made
  std::vector<std::unique_ptr<SideThread>> helpers_;  ///< compute slices
  std::optional<SideThread> ahead_;                   ///< makes inputs
};

}  // namespace mra
