#pragma once

#include <vector>

#include <torch/torch.h>

namespace mra {

/// Lets a network compute with other tensors in place of its parameters, such as those after steps
/// of gradient descent that are themselves to be differentiated. The module's own list of
/// parameters, and so its optimiser and its file of weights, is not touched. Ends with the object.
class FastWeights {
 public:
  /// Of a module made of convolutions, linear layers and batch norms; it must outlive this.
  explicit FastWeights(torch::nn::Module& module);
  ~FastWeights();
  FastWeights(const FastWeights&) = delete;
  FastWeights& operator=(const FastWeights&) = delete;

  /// The module's own parameters, in the order that use() wants.
  const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  void use(const std::vector<torch::Tensor>& weights);  ///< one for each of parameters()

 private:
  std::vector<torch::Tensor*> places_;  ///< what the layers read when they compute
  std::vector<torch::Tensor> parameters_;
};

}  // namespace mra
