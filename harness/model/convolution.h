#pragma once

#include <torch/torch.h>

namespace mra {

/// A convolution without bias, padded so that a stride of 1 keeps the size. Our networks use it for
/// all such layers. With oneDNN limited to AVX2, the gradient of the weights of a 1×1 convolution
/// of stride 2 with fewer than 8 input channels is wrong and writes out of bounds
/// (https://github.com/uxlfoundation/oneDNN/issues/6035). Such a layer therefore subsamples its
/// input first and convolves with stride 1.
class ConvolutionImpl : public torch::nn::Conv2dImpl {
 public:
  ConvolutionImpl(int64_t in, int64_t out, int64_t side_px, int64_t stride = 1, int64_t groups = 1);

  /// The stride from input to output, including the subsampling before the convolution.
  int64_t whole_stride() const { return (*options.stride())[0] * pixel_step_; }

  torch::Tensor forward(const torch::Tensor& x);  // [N,in,H,W] -> [N,out,H/stride,W/stride]

 private:
  torch::Tensor convolved(const torch::Tensor& x);  ///< x is subsampled already

  int64_t pixel_step_;  ///< subsampling before the convolution; 1: none
};
TORCH_MODULE(Convolution);

}  // namespace mra
