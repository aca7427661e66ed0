#pragma once

#include "harness/model/convolution_products.h"

namespace mra {

/// Whether strided_input_gradient() can compute the gradient of maps [N,in,H,W] that a weight
/// [out,in,k,k] convolves, and is faster than LibTorch.
bool suits_strided_gradient(at::IntArrayRef x_sizes, at::IntArrayRef w_sizes,
                            const ConvolutionSteps& steps);

/// The gradient of the input of a convolution with a stride, from its output's: d_y [N,out,H',W'],
/// w [out,in,k,k] -> [N,in,H,W], f32, channels_last. Equal inputs give equal results for any number
/// of threads. Records no gradients.
torch::Tensor strided_input_gradient(const torch::Tensor& d_y, const torch::Tensor& w,
                                     at::IntArrayRef x_sizes, const ConvolutionSteps& steps);

}  // namespace mra
