// Convolutions on this processor, as our networks use them: some of the tensor library's kernels
// have been wrong by the whole size of the gradient, on some processors alone.
#include "harness/model/convolution.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "tests/model/compared.h"

namespace mra {
namespace {

struct Shape {
  int64_t side_px, stride, in, out, image_px;
  bool channels_last;
  int threads;
};

std::ostream& operator<<(std::ostream& out, const Shape& s) {
  return out << s.side_px << "x" << s.side_px << " stride " << s.stride << ", " << s.in << " to "
             << s.out << " channels, " << s.image_px << " px, "
             << (s.channels_last ? "channels last" : "channels first") << ", " << s.threads
             << " threads";
}

struct Passed {
  torch::Tensor output, input_gradient, weight_gradient;
};

Passed pass(Convolution& layer, const torch::Tensor& images, const torch::Tensor& upstream) {
  layer->zero_grad();
  const torch::Tensor x = images.detach().clone().requires_grad_();
  const torch::Tensor y = layer->forward(x);
  y.backward(upstream.to(y.scalar_type()));
  return {y.detach(), x.grad(), layer->weight.grad().clone()};
}

void expect_right(const Shape& shape) {
  const auto format =
      shape.channels_last ? torch::MemoryFormat::ChannelsLast : torch::MemoryFormat::Contiguous;
  torch::manual_seed(shape.in * 100 + shape.out);
  Convolution layer(shape.in, shape.out, shape.side_px, shape.stride);
  Convolution exact(shape.in, shape.out, shape.side_px, shape.stride);
  exact->to(torch::kFloat64);
  const auto images =
      torch::randn({6, shape.in, shape.image_px, shape.image_px}).contiguous(format);
  {
    const torch::NoGradGuard no_grad;
    layer->weight.set_data(layer->weight.detach().contiguous(format));
    exact->weight.copy_(layer->weight);
  }
  const int64_t out_px = (shape.image_px + shape.stride - 1) / shape.stride;
  const auto upstream = torch::randn({6, shape.out, out_px, out_px}).contiguous(format);
  const Passed ours = pass(layer, images, upstream);
  const Passed right = pass(exact, images.to(torch::kFloat64), upstream);
  EXPECT_LT(distance(ours.output, right.output), 1e-5) << shape;
  EXPECT_LT(distance(ours.input_gradient, right.input_gradient), 1e-5) << shape;
  EXPECT_LT(distance(ours.weight_gradient, right.weight_gradient), 1e-5) << shape;
}

TEST(Convolution, AgreesWithDoublePrecisionInEveryShape) {
  const int threads_before = at::get_num_threads();
  for (const int threads : {1, 2})
    for (const int64_t side_px : {1, 3, 7})
      for (const int64_t stride : {1, 2})
        for (const int64_t in : {1, 2, 3, 4, 5, 6, 7, 8, 12, 16})
          for (const int64_t out : {4, 8, 13, 32})
            for (const int64_t image_px : {8, 9})
              for (const bool channels_last : {false, true}) {
                at::set_num_threads(threads);
                expect_right({side_px, stride, in, out, image_px, channels_last, threads});
              }
  at::set_num_threads(threads_before);
}

TEST(Convolution, GivesWhatAPlainStridedOneGives) {
  torch::manual_seed(4);
  Convolution layer(4, 8, 1, 2);
  const torch::Tensor images = torch::randn({2, 4, 7, 7}, torch::kFloat64);
  layer->to(torch::kFloat64);
  const torch::Tensor plain = torch::conv2d(images, layer->weight, {}, 2);
  EXPECT_EQ(layer->forward(images).sizes(), plain.sizes());
  EXPECT_LT(distance(layer->forward(images), plain), 1e-12);
}

}  // namespace
}  // namespace mra
