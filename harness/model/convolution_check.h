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
/// Returns "1x1, stride 2, 4 to 8 channels".
std::string text(const ConvolutionShape& shape);

using Convolve = std::function<torch::Tensor(const torch::Tensor& x)>;

/// Returns the largest relative error of `convolve`, in its output and its gradients by `weight`
/// and by the input: ‖found − right‖ / ‖right‖. `weight` is the f32 leaf that `convolve` multiplies
/// with. Does not change gradients or random streams.
double convolution_error(const ConvolutionShape& shape, const torch::Tensor& weight,
                         const Convolve& convolve);

/// Relative errors of this size or more are not due to rounding.
constexpr double kWrongConvolution = 1e-3;

/// Returns the shapes, among those used in networks, for which the tensor library's own convolution
/// is wrong on this processor. Takes a second or two. A wrong kernel may crash the program, because
/// it can write out of bounds.
std::vector<ConvolutionShape> wrong_convolutions();
/// Returns the number of shapes that wrong_convolutions() tries.
size_t tried_convolutions();

/// Throws an Error of kind kEnvironment when a convolution of `network`, which must be on the CPU,
/// is wrong on this processor. The message names the first such layer.
void check_convolutions(torch::nn::Module& network);

}  // namespace mra
