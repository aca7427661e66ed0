// Convolutions by Winograd's algorithm against double precision, with all their gradients.
#include "harness/model/winograd.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/model/convolution_products.h"

namespace mra {
namespace {

constexpr ConvolutionSteps kSteps{1, 1, 1};

/// ‖found − right‖ / ‖right‖.
double distance(const torch::Tensor& found, const torch::Tensor& right) {
  return ((found.to(torch::kFloat64) - right).norm() / right.norm()).item<double>();
}

struct Operands {
  torch::Tensor x, w, d_y, d_d_w, d_d_x;

  Operands in_double() const {
    const auto twin = [](const torch::Tensor& t) {
      return t.detach().to(torch::kFloat64).requires_grad_();
    };
    return {twin(x), twin(w), twin(d_y), twin(d_d_w), twin(d_d_x)};
  }
};

Operands operands(int64_t pictures, int64_t height_px, int64_t width_px, int64_t in, int64_t out) {
  torch::manual_seed(pictures * 1000 + height_px * 10 + in);
  const auto leaf = [&](at::IntArrayRef sizes) {
    return torch::randn(sizes).contiguous(torch::MemoryFormat::ChannelsLast).requires_grad_();
  };
  return {leaf({pictures, in, height_px, width_px}), leaf({out, in, 3, 3}),
          leaf({pictures, out, height_px, width_px}), leaf({out, in, 3, 3}),
          leaf({pictures, in, height_px, width_px})};
}

using Convolve = std::function<torch::Tensor(const torch::Tensor& x, const torch::Tensor& w)>;

/// The output, its gradients, and the gradients of a sum of these gradients.
std::vector<torch::Tensor> all_products(const Operands& o, const Convolve& convolution) {
  const auto y = convolution(o.x, o.w);
  auto first = torch::autograd::grad({y}, {o.x, o.w}, {o.d_y}, /*retain_graph=*/true,
                                     /*create_graph=*/true);
  const auto second =
      torch::autograd::grad(first, {o.x, o.w, o.d_y}, {o.d_d_x.detach(), o.d_d_w.detach()});
  std::vector<torch::Tensor> all{y};
  all.insert(all.end(), first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  return all;
}

void expect_right(const Operands& ours, const std::string& what) {
  const auto found = all_products(ours, [](const torch::Tensor& x, const torch::Tensor& w) {
    return convolve(x, w, kSteps);
  });
  const auto right =
      all_products(ours.in_double(), [](const torch::Tensor& x, const torch::Tensor& w) {
        return at::conv2d(x, w, {}, 1, 1);
      });
  const char* const names[] = {"y",           "dy/dx",        "dy/dw",
                               "second by x", "second by w", "second by the upstream gradient"};
  for (size_t i = 0; i < found.size(); ++i)
    EXPECT_LT(distance(found[i], right[i]), 2e-5) << what << ", " << names[i];
}

TEST(Winograd, EqualsDoublePrecisionWithItsGradients) {
  for (const auto& [pictures, height_px, width_px] : std::vector<std::array<int64_t, 3>>{
           {3, 4, 4}, {2, 7, 7}, {5, 8, 13}, {2, 32, 30}, {9, 14, 11}, {40, 16, 16}})
    for (const auto& [in, out] :
         std::vector<std::array<int64_t, 2>>{{16, 16}, {32, 16}, {16, 48}, {64, 96}, {128, 128}}) {
      const auto ours = operands(pictures, height_px, width_px, in, out);
      if (suits_winograd(ours.x.sizes(), ours.w.sizes()))
        expect_right(ours, fmt::format("{} x {}x{}, {} -> {}", pictures, height_px, width_px, in, out));
    }
}

}  // namespace
}  // namespace mra
