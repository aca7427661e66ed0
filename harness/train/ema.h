#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "harness/model/state_dict.h"

namespace mra {

/// Exponential moving average of the trainable parameters: average = d·average + (1−d)·parameter
/// after each step, from the initial weights. Buffers (batch norm) stay those of the module.
class AveragedWeights {
 public:
  AveragedWeights(const torch::nn::Module& module, double decay);

  void update();
  /// Exchanges the averaged and the current values; a second call undoes it exactly.
  void swap();

  /// The averages by parameter name, to be saved and restored.
  const StateDict& state() const { return state_; }

 private:
  double decay_;
  std::vector<torch::Tensor> parameters_, averages_;
  StateDict state_;
};

}  // namespace mra
