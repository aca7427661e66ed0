// What chance decides in a step, and what is refused. The losses are compared with TorchSSL's in
// tests/golden_model.
#include <gtest/gtest.h>

#include "baselines/catalog.h"
#include "harness/base/error.h"

namespace mra {
namespace {

class SemiSupervisedMethods : public testing::Test {
 protected:
  SemiSupervisedMethods() { register_methods(catalog_); }

  SemiSupervisedMethod make(const std::string& name, const Json& options = Json::object()) {
    return catalog_.semi_supervised_methods.make(name, SpecReader(options, "spec.json"), context_);
  }
  static StepInputs inputs() {
    return {{"labelled", torch::zeros({6, 3, 8, 8})}, {"weak", torch::zeros({6, 3, 8, 8})}};
  }
  static StepInputs drawn(const SemiSupervisedMethod& method, uint64_t seed) {
    StepInputs all = inputs();
    Rng rng({.seed = seed, .purpose = Purpose::kBatch});
    method.draw(all, rng);
    return all;
  }

  Catalog catalog_;
  MethodContext context_;
};

TEST_F(SemiSupervisedMethods, NoiseOfVatIsNormalAndFollowsTheStream) {
  const auto method = make("vat");
  const auto noise = drawn(method, 1).at("noise");
  EXPECT_EQ(noise.sizes(), (std::vector<int64_t>{6, 3, 8, 8}));
  EXPECT_TRUE(noise.equal(drawn(method, 1).at("noise")));
  EXPECT_FALSE(noise.equal(drawn(method, 2).at("noise")));
  EXPECT_FALSE(noise[0].equal(noise[1]));
  EXPECT_NEAR(noise.mean().item<double>(), 0, 0.1);
  EXPECT_NEAR(noise.std().item<double>(), 1, 0.1);
}

TEST_F(SemiSupervisedMethods, MixMatchKeepsThePictureThatItMixesTheOtherInto) {
  const auto method = make("mixmatch");
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const auto all = drawn(method, seed);
    EXPECT_GE(all.at("share").item<double>(), 0.5);
    EXPECT_LE(all.at("share").item<double>(), 1);
    const auto sorted = std::get<0>(all.at("permutation").sort());
    EXPECT_TRUE(sorted.equal(torch::arange(18)));
  }
}

TEST_F(SemiSupervisedMethods, AskForTheViewsTheyCompare) {
  using Views = std::vector<std::string>;
  EXPECT_EQ(make("vat").views, (Views{"weak"}));
  EXPECT_EQ(make("mean_teacher").views, (Views{"weak", "weak2"}));
  EXPECT_EQ(make("fixmatch").views, (Views{"weak", "strong"}));
}

TEST_F(SemiSupervisedMethods, RefuseWhatTheyCannotDo) {
  EXPECT_THROW(make("fixmach"), Error);
  EXPECT_THROW(make("fixmatch", {{"thresold", 0.9}}), Error);
  EXPECT_THROW(make("uda", {{"temperature", 0}}), Error);
  context_.precision = "bf16";
  EXPECT_THROW(make("vat"), Error);
  make("fixmatch");
}

}  // namespace
}  // namespace mra
