#pragma once

#include <torch/torch.h>

#include "harness/base/error.h"
#include "harness/train/task.h"

namespace mra {

/// A loss, weight or metric is not finite. The kind is kFailure. Repeating the run gives the same
/// error.
class DivergedError : public Error {
 public:
  explicit DivergedError(const std::string& what);
};

/// Sums the losses of an epoch and throws when one is not finite. On a GPU, losses are checked in
/// groups, so that the CPU does not wait for each step.
class LossMeter {
 public:
  explicit LossMeter(torch::Device device);

  /// Adds the loss of one step. Throws a DivergedError that names the step when this loss, or an
  /// earlier one not checked yet, is not finite.
  void add(const Step& step, const torch::Tensor& loss);
  /// Checks every loss added so far; throws as add() does.
  void flush();

  double sum = 0;     ///< of the losses checked so far
  double latest = 0;  ///< the latest of them

 private:
  torch::Tensor waiting_;  // [group] f32 on the device
  std::vector<Step> steps_;
};

/// Throws a DivergedError when a weight of `module` is not finite.
void check_finite_weights(const torch::nn::Module& module, int64_t steps_done);

}  // namespace mra
