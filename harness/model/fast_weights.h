#pragma once

#include <vector>

#include <torch/torch.h>

namespace mra {

/// While it lives, a network computes with tensors other than its own parameters, such as those
/// after differentiable steps of gradient descent. The module's list of parameters does not change,
/// so neither do its optimizer and its weight file.
class FastWeights {
 public:
  /// `module` must consist of convolutions, linear layers and batch norms, and outlive this object.
  explicit FastWeights(torch::nn::Module& module);
  ~FastWeights();  ///< gives the module its own parameters back
  FastWeights(const FastWeights&) = delete;
  FastWeights& operator=(const FastWeights&) = delete;

  /// The module's own parameters, in the order that use() expects.
  const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  void use(const std::vector<torch::Tensor>& weights);  ///< one for each parameter

 private:
  std::vector<torch::Tensor*> places_;  ///< the tensors that the layers compute with
  std::vector<torch::Tensor> parameters_;
};

}  // namespace mra
