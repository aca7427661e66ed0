#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "harness/model/state_dict.h"
#include "harness/spec/recipe.h"

namespace mra {

/// SGD or AdamW over the trainable parameters of a module, computed as in PyTorch. Parameters with
/// and without weight decay form two groups. A parameter without gradient stays as it is.
class Optimizer {
 public:
  /// `recipe.decay_on` chooses the parameters with weight decay; "name:bn,bias" means all whose
  /// names contain none of these parts. The parameters' memory format must not change afterwards.
  Optimizer(const torch::nn::Module& module, const Recipe& recipe);

  void step(double lr);
  void zero_grad();  ///< frees the gradients, so that the next backward pass need not add to zeros

  const std::vector<torch::Tensor>& parameters() const { return parameters_; }

  /// "<kind>/<parameter>" and "step": the optimiser's own tensors, to be saved and restored.
  const StateDict& state() const { return state_; }

 private:
  struct Slot {
    torch::Tensor parameter;
    std::vector<torch::Tensor> flat;  // parameter and its state as vectors, in memory order
  };
  struct Group {
    double weight_decay = 0;
    std::vector<Slot> slots;
  };

  void add(const std::string& name, const torch::Tensor& parameter, Group& group);
  void step_group(Group& group, double lr);

  Recipe recipe_;
  bool adam_ = false;
  Group decayed_, undecayed_;
  std::vector<torch::Tensor> parameters_;
  torch::Tensor step_;  // f32 on the parameters' device, as the fused AdamW requires
  StateDict state_;
};

/// Whether a parameter with this name and number of dimensions has weight decay under `decay_on`.
bool has_decay(const std::string& decay_on, const std::string& name, int64_t dimensions);

}  // namespace mra
