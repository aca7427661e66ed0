#pragma once

#include <torch/torch.h>

#include "harness/base/error.h"
#include "harness/train/task.h"

namespace mra {

/// A loss, weight or metric that is no finite number: the same spec gives it again. Of kind
/// kFailure.
class DivergedError : public Error {
 public:
  explicit DivergedError(const std::string& what);
};

/// Sums the losses of an epoch and stops a diverged run. On a GPU losses are looked at in groups,
/// so that the CPU need not wait for each step.
class LossMeter {
 public:
  explicit LossMeter(torch::Device device);

  /// Takes the loss of one step. A DivergedError that names the step when it, or an
  /// earlier one not looked at yet, is not finite.
  void add(const Step& step, const torch::Tensor& loss);
  /// Looks at every loss taken so far.
  void flush();

  double sum = 0;     ///< of the losses looked at
  double latest = 0;  ///< the latest of them

 private:
  torch::Tensor waiting_;  // [group] f32 on the device
  std::vector<Step> steps_;
};

/// A DivergedError when a weight of `module` is not finite.
void check_finite_weights(const torch::nn::Module& module, int64_t steps_done);

}  // namespace mra
