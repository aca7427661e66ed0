#pragma once

#include <torch/torch.h>

namespace mra {

/// Whether winograd_convolution() can compute a 3×3 convolution of stride 1 from maps [N,in,H,W] to
/// [N,out,H,W], and is faster than LibTorch's.
bool suits_winograd(at::IntArrayRef x_sizes, at::IntArrayRef w_sizes);

/// The convolution, padded by a pixel, of maps [N,in,H,W] with w [out,in,3,3] -> [N,out,H,W], all
/// f32, by Winograd's algorithm F(4×4, 3×3) (Lavin and Gray 2016). Relative errors are about 2e-6.
/// The result is channels_last. Equal inputs give equal results for any number of threads. Neither
/// function records gradients.
torch::Tensor winograd_convolution(const torch::Tensor& x, const torch::Tensor& w);

/// The gradient of that convolution's input from its output's, d_y [N,out,H,W] -> [N,in,H,W].
torch::Tensor winograd_input_gradient(const torch::Tensor& d_y, const torch::Tensor& w);

/// The gradient of the weight: [N,in,H,W], [N,out,H,W] -> [out,in,3,3]. Errors are about 1e-5.
torch::Tensor winograd_weight_gradient(const torch::Tensor& x, const torch::Tensor& d_y);

}  // namespace mra
