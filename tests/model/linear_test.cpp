// Products by oneDNN against double precision, for the shapes of attention and of its gradients.
#include "harness/model/linear.h"

#include <ATen/autocast_mode.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/model/compared.h"

namespace mra {
namespace {

/// x, weight, bias and what the result is weighted with, as f32 leaves or their double twins.
struct Operands {
  torch::Tensor x, weight, bias, upstream;

  Operands in_double() const {
    const auto twin = [](const torch::Tensor& t) {
      return t.detach().to(torch::kFloat64).requires_grad_();
    };
    return {twin(x), twin(weight), twin(bias), twin(upstream)};
  }
  std::vector<torch::Tensor> leaves() const { return {x, weight, bias}; }
};

Operands operands(torch::IntArrayRef batch, int64_t in, int64_t out) {
  torch::manual_seed(in * 1000 + out);
  auto x_sizes = batch.vec(), y_sizes = batch.vec();
  x_sizes.push_back(in);
  y_sizes.push_back(out);
  const auto leaf = [](torch::IntArrayRef sizes) { return torch::randn(sizes).requires_grad_(); };
  return {leaf(x_sizes), leaf({out, in}), leaf({out}), leaf(y_sizes)};
}

TEST(Linear, EqualsDoublePrecisionWithItsGradients) {
  for (const int64_t rows : {1, 2, 7, 65, 1000})
    for (const int64_t in : {1, 3, 16, 96, 200})
      for (const int64_t out : {1, 5, 64, 384}) {
        const Operands ours = operands({rows}, in, out), right = ours.in_double();
        const auto y = linear(ours.x, ours.weight, ours.bias);
        const auto right_y = torch::linear(right.x, right.weight, right.bias);
        const auto where = fmt::format("{} rows, {} to {}", rows, in, out);
        EXPECT_LT(distance(y, right_y), 1e-6) << where;
        const auto found = torch::autograd::grad({y}, ours.leaves(), {ours.upstream});
        const auto expected = torch::autograd::grad({right_y}, right.leaves(), {right.upstream});
        for (size_t i = 0; i < 3; ++i)
          EXPECT_LT(distance(found[i], expected[i]), 1e-5) << where << ", gradient " << i;
      }
}

TEST(Linear, TakesPartsOfTensorsAndGivesTheSameWithoutGradients) {
  const Operands whole = operands({4, 9}, 24, 32);
  const auto x = whole.x.transpose(0, 1).narrow(0, 2, 5);  // [5,4,24], strided
  const auto weight = whole.weight.narrow(0, 8, 16), bias = whole.bias.narrow(0, 8, 16);
  const auto y = linear(x, weight, bias);
  EXPECT_EQ(y.sizes(), torch::IntArrayRef({5, 4, 16}));
  EXPECT_LT(distance(y, torch::linear(x.to(torch::kFloat64), weight.to(torch::kFloat64),
                                      bias.to(torch::kFloat64))),
            1e-6);
  const torch::NoGradGuard no_grad;
  EXPECT_TRUE(linear(x, weight, bias).equal(y));
}

TEST(Linear, AppliesGeluInTheSameOperation) {
  const Operands ours = operands({3, 65}, 96, 384), right = ours.in_double();
  const auto right_y = torch::gelu(torch::linear(right.x, right.weight, right.bias));
  EXPECT_LT(distance(linear_gelu(ours.x, ours.weight, ours.bias), right_y), 1e-6);
  const torch::NoGradGuard no_grad;
  EXPECT_LT(distance(linear_gelu(ours.x, ours.weight, ours.bias), right_y), 1e-6);
}

TEST(Linear, HasGradientsOfItsGradients) {
  const auto second = [](const Operands& o, const torch::Tensor& y) {
    const auto first = torch::autograd::grad({y.sin()}, o.leaves(), {o.upstream}, true, true);
    return torch::autograd::grad({first[0].square().sum() + first[1].square().sum()}, o.leaves());
  };
  const Operands ours = operands({6}, 8, 5), right = ours.in_double();
  const auto found = second(ours, linear(ours.x, ours.weight, ours.bias));
  const auto expected = second(right, torch::linear(right.x, right.weight, right.bias));
  for (size_t i = 0; i < 3; ++i) EXPECT_LT(distance(found[i], expected[i]), 1e-5) << i;
}

TEST(Linear, IsInHalfPrecisionUnderAutocast) {
  const Operands ours = operands({6}, 8, 5);
  at::autocast::set_autocast_enabled(torch::kCPU, true);
  const auto y = linear(ours.x, ours.weight, ours.bias);
  at::autocast::set_autocast_enabled(torch::kCPU, false);
  EXPECT_EQ(y.scalar_type(), torch::kBFloat16);
}

}  // namespace
}  // namespace mra
