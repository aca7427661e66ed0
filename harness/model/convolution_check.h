#pragma once

#include <functional>
#include <string>
#include <vector>

#include <torch/torch.h>

// Some kernels of the tensor library are wrong on some processors, by the whole size of a gradient
// and without a word. These functions compare its convolutions with double precision.
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

/// Errors from here on are no rounding.
constexpr double kWrongConvolution = 1e-3;

/// The shapes, of those that networks are made of, for which the tensor library's own convolution
/// is wrong on this processor. Takes a second or two. A wrong kernel may end the program: it can
/// write where it must not.
std::vector<ConvolutionShape> wrong_convolutions();
/// How many shapes wrong_convolutions() tries.
size_t tried_convolutions();

/// An Error of kind kEnvironment that names the first layer of `network`, which lies on the CPU,
/// whose convolution is wrong on this processor.
void check_convolutions(torch::nn::Module& network);

}  // namespace mra
