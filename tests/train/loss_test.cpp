#include <gtest/gtest.h>

#include "harness/train/loss.h"

namespace mra {
namespace {

torch::Tensor tensor(std::vector<float> values) {
  return torch::tensor(values);
}

TEST(Loss, HardAndSoftTargetsAgreeWithTheDefinition) {
  const torch::Tensor logits = tensor({1, 2, 3, 0, 0, 0}).view({2, 3});
  const torch::Tensor targets = tensor({0, 0, 1, 0.5, 0.25, 0.25}).view({2, 3});
  const double first = std::log(std::exp(1) + std::exp(2) + std::exp(3)) - 3, second = std::log(3);
  EXPECT_NEAR(soft_cross_entropy(logits, targets).item<double>(), (first + second) / 2, 1e-6);
}

TEST(Loss, SmoothingMixesTargetsWithTheUniformOne) {
  const torch::Tensor smooth = smooth_targets(tensor({1, 0, 0, 0}).view({1, 4}), 0.2);
  EXPECT_TRUE(torch::allclose(smooth, tensor({0.85f, 0.05f, 0.05f, 0.05f}).view({1, 4})));
  EXPECT_FLOAT_EQ(smooth.sum().item<float>(), 1.0f);
}

}  // namespace
}  // namespace mra
