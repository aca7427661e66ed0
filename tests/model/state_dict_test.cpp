#include "harness/model/state_dict.h"

#include <limits>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/model/classifier.h"
#include "harness/model/resnet.h"
#include "tests/support/temp_dir.h"

namespace mra {

static ResNetImpl small_net(uint64_t seed) {
  torch::manual_seed(seed);
  return ResNetImpl({.blocks = {1, 1}, .width = 4, .classes = 3});
}

static StateDict copy_of(const torch::nn::Module& module) {
  StateDict copies;
  for (const auto& [name, tensor] : state_dict(module)) copies[name] = tensor.detach().clone();
  return copies;
}

static bool equal(const StateDict& a, const StateDict& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [name, tensor] : a)
    if (!b.contains(name) || !tensor.equal(b.at(name))) return false;
  return true;
}

/// The error of assigning `weights` to a network, which must be as before.
static Error refusal(const StateDict& weights) {
  ResNetImpl net = small_net(2);
  const StateDict before = copy_of(net);
  try {
    assign_weights(net, weights, "w.safetensors");
    ADD_FAILURE() << "the weights were accepted";
  } catch (const Error& error) {
    EXPECT_TRUE(equal(copy_of(net), before)) << "part of the weights was assigned";
    EXPECT_EQ(error.where, "w.safetensors");
    return error;
  }
  return Error(ErrorKind::kFailure, "", "", "");
}

TEST(Weights, SavedOnesMakeTheSameNetwork) {
  const TempDir folder;
  ResNetImpl net = small_net(1), other = small_net(2);
  net.forward(torch::randn({4, 3, 32, 32}));  // moves running statistics and counts
  write_weights(folder / "w.safetensors", state_dict(net));
  assign_weights(other, read_weights(folder / "w.safetensors"), "w.safetensors");
  EXPECT_TRUE(equal(state_dict(net), state_dict(other)));
  EXPECT_EQ(state_dict(other).at("bn1.num_batches_tracked").item<int64_t>(), 1);
}

TEST(Weights, EveryTypeSurvivesAFile) {
  const TempDir folder;
  StateDict weights;
  for (const auto type :
       {torch::kFloat64, torch::kFloat32, torch::kFloat16, torch::kBFloat16, torch::kInt64,
        torch::kInt32, torch::kInt16, torch::kInt8, torch::kUInt8, torch::kBool})
    weights[torch::toString(type)] = torch::arange(6).to(type).view({2, 3}).t();  // not contiguous
  weights["scalar"] = torch::tensor(2.5);
  weights["empty"] = torch::zeros({0, 3});
  write_weights(folder / "w.safetensors", weights);
  const StateDict read = read_weights(folder / "w.safetensors");
  EXPECT_TRUE(equal(read, weights));
  for (const auto& [name, tensor] : weights)
    EXPECT_EQ(read.at(name).scalar_type(), tensor.scalar_type()) << name;
}

TEST(Weights, ReadTensorsOutliveTheirFile) {
  const TempDir folder;
  write_weights(folder / "w.safetensors", {{"x", torch::arange(5)}});
  const StateDict read = read_weights(folder / "w.safetensors");
  std::filesystem::resize_file(folder / "w.safetensors", 0);  // a mapping would end the program
  EXPECT_TRUE(read.at("x").equal(torch::arange(5)));
}

TEST(Weights, OnesThatDoNotFitAreCountedAndNamed) {
  StateDict weights = copy_of(small_net(1));
  weights.erase("bn1.weight");
  weights["extra"] = torch::zeros({1});
  weights["fc.weight"] = torch::zeros({5, 8});
  const Error error = refusal(weights);
  EXPECT_EQ(error.kind, ErrorKind::kUsage);
  EXPECT_NE(error.what_happened.find("missing tensors: 1 (bn1.weight)"), std::string::npos);
  EXPECT_NE(error.what_happened.find("unexpected: 1 (extra)"), std::string::npos);
  EXPECT_NE(error.what_happened.find("1 (fc.weight [5, 8] instead of [3, 8])"), std::string::npos);
}

TEST(Weights, ThoseOfResnet18NameTheFirstTensorsThatResnet50LacksAndHasOtherwise) {
  const auto network = [](const char* name) {
    return make_classifier(SpecReader({{"name", name}, {"width", 4}}, "test"), /*classes=*/3);
  };
  const Classifier resnet50 = network("resnet50");
  try {
    assign_weights(*resnet50, state_dict(*network("resnet18")), "resnet18.pth");
    ADD_FAILURE() << "the weights were accepted";
  } catch (const Error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("resnet18.pth"), std::string::npos) << text;
    EXPECT_NE(text.find("missing tensors: "), std::string::npos) << text;
    EXPECT_NE(text.find("(layer1.0.bn3.bias, "), std::string::npos) << text;
    EXPECT_NE(text.find("(fc.weight [3, 32] instead of [3, 128], "), std::string::npos) << text;
  }
}

TEST(Weights, ALongListOfMisfitsIsCutShort) {
  const Error error = refusal({});
  EXPECT_NE(error.what_happened.find("(bn1.bias, bn1.running_mean, bn1.running_var, …)"),
            std::string::npos);
}

TEST(Weights, AFileOfTorchSaveIsReadAsTheStateDictInIt) {
  const StateDict weights = read_weights(std::filesystem::path(HARNESS_SOURCE_DIR) /
                                         "tests/golden/downstream/checkpoints/zip_full.pth");
  EXPECT_EQ(weights.at("mask").scalar_type(), torch::kBool);
  EXPECT_EQ(weights.at("scalar").dim(), 0);
  // A strided view of its parent: column by column.
  const auto parent = weights.at("strided_parent");  // [6,8]
  const auto strided = weights.at("strided");        // [4,3], strides 1 and 16 from value 1
  EXPECT_TRUE(torch::equal(strided, parent.as_strided({4, 3}, {1, 16}, 1)));
}

TEST(Weights, OnesThatAreNotFiniteAreRefused) {
  StateDict weights = copy_of(small_net(1));
  weights["layer1.0.conv1.weight"][0][0][0][0] = std::numeric_limits<float>::quiet_NaN();
  const Error error = refusal(weights);
  EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
  EXPECT_NE(error.what_happened.find("1 (layer1.0.conv1.weight)"), std::string::npos);
}

}  // namespace mra
