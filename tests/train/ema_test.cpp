#include <gtest/gtest.h>

#include "harness/train/ema.h"
#include "tests/train/tiny_task.h"

namespace mra {
namespace {

TEST(AveragedWeights, FollowTheirDefinitionAndAreExchangedExactly) {
  TinyNet net;
  AveragedWeights averaged(*net, 0.75);
  const torch::Tensor start = net->fc->weight.detach().clone();
  {
    const torch::NoGradGuard no_grad;
    net->fc->weight.add_(1);
  }
  averaged.update();
  averaged.update();
  const torch::Tensor current = net->fc->weight.detach().clone();
  const void* memory = net->fc->weight.data_ptr();
  {
    const AveragedWeights::Scope scope(averaged);
    EXPECT_TRUE(torch::allclose(net->fc->weight, start + (1 - 0.75 * 0.75)));
  }
  EXPECT_TRUE(net->fc->weight.equal(current));
  EXPECT_EQ(net->fc->weight.data_ptr(), memory) << "nothing is copied";
}

TEST(AveragedWeights, CanBeAskedBetweenForwardAndBackward) {
  TinyNet net, twin;
  AveragedWeights averaged(*net, 0.9);
  const torch::Tensor images = torch::rand({2, 3, 6, 6});
  const torch::Tensor loss = net->forward(images).square().sum();
  {
    const torch::NoGradGuard no_grad;
    torch::Tensor(averaged.state().at("fc.weight")).fill_(0);
    const AveragedWeights::Scope scope(averaged);
    net->forward(images);
  }
  loss.backward();
  twin->forward(images).square().sum().backward();
  for (size_t i = 0; i < net->parameters().size(); ++i)
    EXPECT_TRUE(net->parameters()[i].grad().equal(twin->parameters()[i].grad()));
}

}  // namespace
}  // namespace mra
