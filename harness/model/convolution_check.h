#pragma once

#include <functional>
#include <string>
#include <vector>

#include <torch/torch.h>

// On some processors the tensor library has wrong kernels, whose gradients may be entirely wrong
// without an error. These functions compare its convolutions with double precision.
namespace mra {

/// A convolution of stride `stride`, padded by `padding_px`, with a weight
/// [out,in/groups,side,side].
struct ConvolutionShape {
  int64_t in, out, side_px, stride;
  int64_t groups = 1;
  int64_t padding_px = 0;
};
/// "1x1, stride 2, 4 to 8 channels".
std::string text(const ConvolutionShape& shape);

using Convolve = std::function<torch::Tensor(const torch::Tensor& x)>;

/// The largest relative error of `convolve`, in its output and its gradients by `weight` and by the
/// input: ‖found − right‖ / ‖right‖. `weight` is the f32 leaf that `convolve` multiplies with.
/// Leaves gradients and random streams as they are.
double convolution_error(const ConvolutionShape& shape, const torch::Tensor& weight,
                         const Convolve& convolve);

/// Relative errors from this size on are not due to rounding.
constexpr double kWrongConvolution = 1e-3;

/// The shapes, among those used in networks, for which the tensor library's own convolution is
/// wrong on this processor. Takes a second or two. A wrong kernel may crash the program, because it
/// can write out of bounds.
std::vector<ConvolutionShape> wrong_convolutions();
/// The number of shapes that wrong_convolutions() tries.
size_t tried_convolutions();

/// An Error of kind kEnvironment when a convolution of `network`, which must be on the CPU, is
/// wrong on this processor. It names the first such layer.
void check_convolutions(torch::nn::Module& network);

}  // namespace mra
