#include <gtest/gtest.h>

#include "harness/train/device.h"
#include "harness/train/optimizer.h"
#include "tests/train/tiny_task.h"

namespace mra {
namespace {

/// One step of weight decay alone, written out, for a parameter of any layout.
TEST(Optimizer, DoesNotDependOnTheMemoryFormat) {
  Recipe recipe;
  recipe.momentum = 0.9;
  recipe.weight_decay = 0.1;
  TinyNet rows, channels;
  use_channels_last(*channels);
  ASSERT_FALSE(channels->conv1->weight.is_contiguous());
  for (TinyNet* net : {&rows, &channels}) {
    Optimizer optimizer(**net, recipe);
    for (int64_t step = 0; step < 3; ++step) {
      const torch::Tensor x = torch::arange(2 * 3 * 36, torch::kFloat32).sin().view({2, 3, 6, 6});
      (*net)->forward(x).square().sum().backward();
      optimizer.step(0.01);
      optimizer.zero_grad();
    }
  }
  for (const auto& item : rows->named_parameters())
    EXPECT_TRUE(torch::allclose(item.value(), channels->named_parameters()[item.key()], 1e-4, 1e-5))
        << item.key();
}

TEST(Optimizer, AGradientOfAnotherLayoutIsReadByItsShape) {
  TinyNet net;
  use_channels_last(*net);
  const torch::Tensor before = net->conv1->weight.detach().clone();
  Optimizer optimizer(*net, Recipe{});
  const torch::Tensor gradient =
      torch::arange(before.numel(), torch::kFloat32).view(before.sizes());
  net->conv1->weight.mutable_grad() = gradient;
  optimizer.step(1.0);
  EXPECT_TRUE(torch::allclose(net->conv1->weight, before - gradient));
}

TEST(Optimizer, DecaysOnlyWhatTheRecipeNames) {
  EXPECT_TRUE(has_decay("all", "bn1.bias", 1));
  EXPECT_FALSE(has_decay("matrices", "bn1.weight", 1));
  EXPECT_TRUE(has_decay("matrices", "fc.weight", 2));
  EXPECT_FALSE(has_decay("name:bn,bias", "fc.bias", 1));
  EXPECT_TRUE(has_decay("name:bn,bias", "layer2.0.downsample.1.weight", 1));
}

}  // namespace
}  // namespace mra
