#pragma once

#include <torch/torch.h>

namespace mra {

/// Returns x·weightᵀ + bias, as torch::linear does, with gradients of any order: x [...,in],
/// weight [out,in], bias [out] -> [...,out]. On the CPU in fp32, oneDNN computes the products: it
/// uses AVX-512 wherever it is, while LibTorch's default library (MKL) uses it only on processors
/// by Intel.
torch::Tensor linear(const torch::Tensor& x, const torch::Tensor& weight,
                     const torch::Tensor& bias);
/// Returns gelu(linear()), in one operation where no gradients are recorded.
torch::Tensor linear_gelu(const torch::Tensor& x, const torch::Tensor& weight,
                          const torch::Tensor& bias);

/// A fully connected layer that computes linear().
class LinearImpl : public torch::nn::LinearImpl {
 public:
  using torch::nn::LinearImpl::LinearImpl;
  torch::Tensor forward(const torch::Tensor& x) { return linear(x, weight, bias); }
};
TORCH_MODULE(Linear);

}  // namespace mra
