#pragma once

#include <torch/torch.h>

namespace mra {

/// Batch norm (Ioffe & Szegedy 2015), alone or with what follows it in a residual network: the
/// addition of a shortcut, and the ReLU. Parameters, buffers and results are those of
/// torch::nn::BatchNorm2d. In training on a CPU, for fp32 in channels-last order, our own kernels
/// compute all of it in one operation with first and second gradients; else LibTorch does.
/// Shapes: N pictures, C channels.
class BatchNormImpl : public torch::nn::BatchNorm2dImpl {
 public:
  explicit BatchNormImpl(int64_t channels);

  torch::Tensor forward(const torch::Tensor& x);    // norm(x): [N,C,H,W] -> [N,C,H,W]
  torch::Tensor with_relu(const torch::Tensor& x);  // max(0, norm(x))
  torch::Tensor with_relu(const torch::Tensor& x,
                          const torch::Tensor& shortcut);  // max(0, norm(x) + shortcut)

 private:
  bool uses_own(const torch::Tensor& x) const;
  void update_running(const torch::Tensor& statistics);  // [3,C]
  /// `shortcut` may be undefined.
  torch::Tensor own(const torch::Tensor& x, const torch::Tensor& shortcut, bool relu);
};
TORCH_MODULE(BatchNorm);

}  // namespace mra
