#include "harness/model/wide_resnet.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace mra {
namespace {

Classifier made(const Json& more = Json::object()) {
  Json model = {{"name", "wide_resnet"}};
  model.update(more);
  return make_classifier(SpecReader(model, "spec"), 10);
}

int64_t parameters(const Classifier& network) {
  int64_t count = 0;
  for (const auto& parameter : network->parameters()) count += parameter.numel();
  return count;
}

TEST(WideResNet, HasAsManyParametersAsTorchSsl) {
  EXPECT_EQ(parameters(made()), 5'933'770);
  EXPECT_EQ(parameters(made({{"groups", 3}, {"first_stride", 1}})), 1'469'642);
}

TEST(WideResNet, UsesEveryBatchNormOnlyWhenAsked) {
  for (const bool fixed : {false, true}) {
    const Classifier network = made({{"depth", 10}, {"fix_preact", fixed}});
    network->forward(torch::randn({2, 3, 16, 16})).sum().backward();
    const auto grad = network->named_parameters()["block2.layer.0.bn1.weight"].grad();
    EXPECT_EQ(grad.defined(), fixed);
  }
}

TEST(WideResNet, RefusesADepthWithoutWholeBlocks) {
  EXPECT_THROW(made({{"depth", 12}}), Error);
}

}  // namespace
}  // namespace mra
