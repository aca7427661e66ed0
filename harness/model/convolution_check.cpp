#include "harness/model/convolution_check.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <set>
#include <tuple>

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/model/convolution.h"

namespace mra {

namespace nn = torch::nn;

/// Returns a fixed pattern of numbers within ±1, without using a random stream.
static torch::Tensor pattern(torch::IntArrayRef sizes) {
  const int64_t count = c10::multiply_integers(sizes);
  const auto numbers = torch::arange(count, torch::kFloat64);
  return (numbers * 0.7 + (numbers * 0.013).sin() * 5).sin().view(sizes).to(torch::kFloat32);
}

static double distance(const torch::Tensor& found, const torch::Tensor& right) {
  const double error = (found.to(torch::kFloat64) - right).norm().item<double>();
  return error / std::max(right.norm().item<double>(), 1e-30);
}

/// convolution_error() for pictures of one size and memory format.
static double error_of(const ConvolutionShape& shape, const torch::Tensor& weight,
                       const Convolve& convolve, int64_t image_px, torch::MemoryFormat format) {
  constexpr int64_t kPictures = 6;
  const auto images = pattern({kPictures, shape.in, image_px, image_px}).contiguous(format);
  const auto x = images.clone().requires_grad_();
  const auto y = convolve(x);
  const auto upstream = pattern(y.sizes()).contiguous(format);
  const auto found = torch::autograd::grad({y}, {x, weight}, {upstream});

  const auto right_x = images.to(torch::kFloat64).requires_grad_();
  const auto right_weight = weight.detach().to(torch::kFloat64).requires_grad_();
  const auto right_y = torch::conv2d(right_x, right_weight, {}, shape.stride, shape.padding_px,
                                     /*dilation=*/1, shape.groups);
  const auto right =
      torch::autograd::grad({right_y}, {right_x, right_weight}, {upstream.to(torch::kFloat64)});
  return std::max({distance(y.detach(), right_y.detach()), distance(found[0], right[0]),
                   distance(found[1], right[1])});
}

std::string text(const ConvolutionShape& shape) {
  const std::string groups = shape.groups == 1 ? "" : fmt::format(" in {} groups", shape.groups);
  return fmt::format("{0}x{0}, stride {1}, {2} to {3} channels{4}", shape.side_px, shape.stride,
                     shape.in, shape.out, groups);
}

double convolution_error(const ConvolutionShape& shape, const torch::Tensor& weight,
                         const Convolve& convolve) {
  const int64_t image_px = 2 * std::max<int64_t>(4, shape.side_px);
  return std::max(error_of(shape, weight, convolve, image_px, torch::MemoryFormat::Contiguous),
                  error_of(shape, weight, convolve, image_px, torch::MemoryFormat::ChannelsLast));
}

/// Tries the shape in a child process, because a wrong kernel can write out of bounds. A child that
/// takes minutes is not counted as wrong.
static bool is_wrong(const ConvolutionShape& shape, const torch::Tensor& weight,
                     const Convolve& convolve) {
  constexpr unsigned kPatience_s = 120;
  constexpr int kTries = 3;  // a write out of bounds does not have an effect every time
  const pid_t child = ::fork();
  check(child >= 0, ErrorKind::kEnvironment, "convolutions",
        fmt::format("no process can be started: {}", std::strerror(errno)),
        "end other programs, or raise the limit on processes (ulimit -u)");
  if (child == 0) {
    ::alarm(kPatience_s);
    at::set_num_threads(1);  // fork() does not copy the parent's threads
    bool right = false;
    try {
      right = true;
      for (int i = 0; i < kTries; ++i)
        right = right && convolution_error(shape, weight, convolve) < kWrongConvolution;
    } catch (const std::exception&) {
      right = false;
    }
    ::_exit(right ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) return WEXITSTATUS(status) != 0;
  const int signal = WTERMSIG(status);
  return signal == SIGSEGV || signal == SIGBUS || signal == SIGABRT || signal == SIGILL;
}

static std::vector<ConvolutionShape> common_shapes() {
  std::vector<ConvolutionShape> shapes;
  for (const int64_t side_px : {1, 3, 7})
    for (const int64_t stride : {1, 2})
      for (const int64_t in : {1, 2, 3, 4, 5, 6, 7, 8, 16})
        for (const int64_t out : {4, 8, 32})
          shapes.push_back({in, out, side_px, stride, 1, side_px / 2});
  return shapes;
}

size_t tried_convolutions() {
  return common_shapes().size();
}

std::vector<ConvolutionShape> wrong_convolutions() {
  std::vector<ConvolutionShape> wrong;
  for (const ConvolutionShape& shape : common_shapes()) {
    const auto weight =
        pattern({shape.out, shape.in, shape.side_px, shape.side_px}).requires_grad_();
    const auto convolve = [&](const torch::Tensor& x) {
      return torch::conv2d(x, weight, {}, shape.stride, shape.padding_px);
    };
    if (is_wrong(shape, weight, convolve)) wrong.push_back(shape);
  }
  return wrong;
}

/// Checks a layer through its own forward(), so that kernels it avoids are not tried.
static void check_layer(nn::Module& module, const ConvolutionShape& shape) {
  auto* ours = module.as<ConvolutionImpl>();
  const torch::Tensor weight = module.as<nn::Conv2dImpl>()->weight;
  const auto convolve = [&](const torch::Tensor& x) {
    return ours ? ours->forward(x)
                : torch::conv2d(x, weight, {}, shape.stride, shape.padding_px, 1, shape.groups);
  };
  check(!is_wrong(shape, weight, convolve), ErrorKind::kEnvironment, "this processor",
        "the tensor library computes wrong gradients here for a convolution of the network: " +
            text(shape),
        "run it on another processor or on a GPU, or change the layer; harness doctor lists the "
        "shapes that are wrong here");
}

void check_convolutions(nn::Module& network) {
  std::set<std::tuple<int64_t, int64_t, int64_t, int64_t, int64_t, int64_t>> seen;
  for (const auto& module : network.modules()) {
    const auto* layer = module->as<nn::Conv2dImpl>();
    if (layer == nullptr || !layer->weight.requires_grad()) continue;
    const auto* ours = module->as<ConvolutionImpl>();
    const auto& options = layer->options;
    const int64_t padding_px = std::holds_alternative<torch::ExpandingArray<2>>(options.padding())
                                   ? (*std::get<torch::ExpandingArray<2>>(options.padding()))[0]
                                   : 0;
    const ConvolutionShape shape{options.in_channels(),
                                 options.out_channels(),
                                 (*options.kernel_size())[0],
                                 ours ? ours->whole_stride() : (*options.stride())[0],
                                 options.groups(),
                                 padding_px};
    if (seen.insert({shape.in, shape.out, shape.side_px, shape.stride, shape.groups, padding_px})
            .second)
      check_layer(*module, shape);
  }
}

}  // namespace mra
