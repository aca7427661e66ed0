#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "harness/model/state_dict.h"

namespace mra {

/// Exponential moving average of the trainable parameters: average = d·average + (1−d)·parameter
/// after each step, from the initial weights. Buffers (batch norm) are not averaged.
class AveragedWeights {
 public:
  AveragedWeights(const torch::nn::Module& module, double decay);

  void update();

  /// While it lives, the module computes with the averages. Parameters and averages swap their
  /// memory, so nothing is copied, and a graph recorded before keeps its values.
  class Scope {
   public:
    explicit Scope(AveragedWeights& average) : average_(average) { average_.exchange(); }
    ~Scope() { average_.exchange(); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    AveragedWeights& average_;
  };

  /// Makes the averages the parameters permanently, at the end of training.
  void adopt() { exchange(); }

  /// The averages by parameter name, to be saved and restored.
  const StateDict& state() const { return state_; }

 private:
  void exchange();

  double decay_;
  std::vector<torch::Tensor> parameters_, averages_;
  StateDict state_;
};

}  // namespace mra
