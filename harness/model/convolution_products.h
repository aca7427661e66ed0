#pragma once

#include <torch/torch.h>

namespace mra {

/// How a convolution without bias goes over its maps.
struct ConvolutionSteps {
  int64_t stride, padding, groups;
};

/// The convolution of maps x [N,in,H,W] with w [out,in/groups,k,k] -> [N,out,H',W'], f32 on the
/// CPU. Gradients can be taken any number of times, each by as many convolutions as it needs.
torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& w,
                       const ConvolutionSteps& steps);

}  // namespace mra
