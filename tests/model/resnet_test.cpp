#include "harness/model/resnet.h"

#include <cmath>
#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/model/state_dict.h"

namespace mra {

namespace fs = std::filesystem;

static Classifier make(const Json& model, int64_t classes = 1000) {
  return make_classifier(SpecReader(model, "test.json", "/model"), classes);
}

static int64_t trainable(const Classifier& net) {
  int64_t count = 0;
  for (const auto& parameter : net->parameters()) count += parameter.numel();
  return count;
}

/// The error of making that model, as the user reads it.
static std::string refusal(const Json& model) {
  try {
    make(model);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    return error.what();
  }
  ADD_FAILURE() << model << " was accepted";
  return "";
}

class NamedResNet : public testing::TestWithParam<const char*> {};

TEST_P(NamedResNet, HasTorchvisionsTensors) {
  const std::string name = GetParam();
  const Json entries = Json::parse(read_file(fs::path(HARNESS_SOURCE_DIR) / "tests/golden/model" /
                                             ("state_dict_" + name + ".json")));
  const StateDict own = state_dict(*make({{"name", name}}));
  EXPECT_EQ(own.size(), entries.size());
  for (const Json& entry : entries) {
    ASSERT_TRUE(own.contains(entry["name"])) << entry["name"];
    EXPECT_EQ(Json(own.at(entry["name"]).sizes().vec()), entry["shape"]) << entry["name"];
  }
}
INSTANTIATE_TEST_SUITE_P(Names, NamedResNet,
                         testing::Values("resnet18", "resnet34", "resnet50", "resnext50_32x4d"),
                         [](const auto& info) { return info.param; });

TEST(ResNet, HasThePublishedNumberOfParameters) {
  EXPECT_EQ(trainable(make({{"name", "resnet18"}})), 11'689'512);
  EXPECT_EQ(trainable(make({{"name", "resnet50"}})), 25'557'032);
}

TEST(ResNet, OptionsMakeTheSmallNetworksOfTheLowerScales) {
  const Classifier mini = make({{"name", "resnet18"}, {"width", 16}, {"stem", "conv3_s2"}}, 10);
  EXPECT_EQ(state_dict(*mini).at("conv1.weight").sizes().vec(),
            (std::vector<int64_t>{16, 3, 3, 3}));
  EXPECT_EQ(state_dict(*mini).at("fc.weight").sizes().vec(), (std::vector<int64_t>{10, 128}));
  const Classifier smoke = make({{"name", "resnet18"}, {"width", 8}, {"blocks", {1, 1, 1}}}, 10);
  EXPECT_EQ(state_dict(*smoke).at("fc.weight").sizes().vec(), (std::vector<int64_t>{10, 32}));
}

TEST(ResNet, TheStemDecidesHowMuchSmallerMapsAre) {
  const auto images = torch::zeros({1, 3, 32, 32});
  for (const auto& [stem, side] :
       std::map<std::string, int64_t>{{"imagenet", 8}, {"conv3_s2", 16}, {"conv3_s1", 32}}) {
    ResNetImpl net({.width = 8, .stem = stem});
    net.eval();
    EXPECT_EQ(net.features(images, 1).size(2), side) << stem;
    EXPECT_EQ(net.features(images, 4).size(2), side / 8) << stem;
  }
}

TEST(ResNet, StartsWithTorchvisionsDistributions) {
  torch::manual_seed(1);
  const StateDict tensors = state_dict(*make({{"name", "resnet50"}}));
  for (const auto& [name, tensor] : tensors) {
    if (tensor.dim() != 4 || tensor.numel() < 30'000) continue;
    const double expected =
        std::sqrt(2.0 / double(tensor.size(0) * tensor.size(2) * tensor.size(3)));
    EXPECT_NEAR(tensor.std().item<double>() / expected, 1, 0.02) << name;
    EXPECT_NEAR(tensor.mean().item<double>() / expected, 0, 0.03) << name;
    EXPECT_GT(tensor.abs().max().item<double>(), 3 * expected) << name;  // normal, not uniform
  }
  EXPECT_TRUE(tensors.at("layer4.2.bn3.weight").eq(1).all().item<bool>());
  EXPECT_TRUE(tensors.at("layer4.2.bn3.bias").eq(0).all().item<bool>());
  const double bound = 1 / std::sqrt(2048.0);
  for (const char* name : {"fc.weight", "fc.bias"}) {
    EXPECT_LE(tensors.at(name).abs().max().item<double>(), bound) << name;
    EXPECT_NEAR(tensors.at(name).std().item<double>(), bound / std::sqrt(3.0), 0.05 * bound)
        << name;
  }
}

TEST(ResNet, EqualSeedsGiveEqualWeights) {
  const Json model = {{"name", "resnet18"}, {"width", 8}};
  const auto weights = [&](uint64_t seed) {
    torch::manual_seed(seed);
    return state_dict(*make(model, 10)).at("layer4.1.conv2.weight");
  };
  EXPECT_TRUE(weights(3).equal(weights(3)));
  EXPECT_FALSE(weights(3).equal(weights(4)));
}

TEST(ResNet, ChannelsLastChangesNothingButSpeed) {
  torch::manual_seed(1);
  const Classifier net = make({{"name", "resnet18"}, {"width", 8}}, 10);
  net->eval();
  const auto images = torch::randn({2, 3, 48, 40});
  const auto expected = net->forward(images);
  for (auto& parameter : net->parameters())
    if (parameter.dim() == 4)
      parameter.set_data(parameter.contiguous(torch::MemoryFormat::ChannelsLast));
  const auto got = net->forward(images.contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(torch::allclose(got, expected, /*rtol=*/1e-4, /*atol=*/1e-5));  // f32 sums reordered
}

TEST(ResNet, EveryParameterLearns) {
  for (const char* name : {"resnet18", "resnet50"}) {
    const Classifier net = make({{"name", name}, {"width", 16}, {"stem", "conv3_s1"}}, 10);
    net->forward(torch::randn({4, 3, 16, 16})).square().sum().backward();
    for (const auto& parameter : net->named_parameters()) {
      ASSERT_TRUE(parameter.value().grad().defined()) << name << " " << parameter.key();
      EXPECT_GT(parameter.value().grad().abs().max().item<float>(), 0) << name << parameter.key();
    }
  }
}

TEST(Classifier, MistakesInAModelAreRefusedByTheirPlace) {
  const std::vector<std::pair<Json, std::string>> mistakes = {
      {{{"name", "resnet81"}}, "/model/name: unknown value 'resnet81'"},
      {{{"name", "resnet81"}}, "did you mean 'resnet18'?"},
      {{{"name", "resnet18"}, {"widht", 8}},
       "/model/widht: unknown key\n  fix: did you mean 'width'?"},
      {{{"name", "resnet18"}, {"blocks", {2, 0}}}, "/model/blocks: "},
      {{{"name", "resnet18"}, {"stem", "conv5"}}, "/model/stem: "},
      {{{"name", "resnext50_32x4d"}, {"width", 8}}, "/model/width: "}};
  for (const auto& [model, message] : mistakes) {
    const std::string refused = refusal(model);
    EXPECT_NE(refused.find(message), std::string::npos) << refused;
  }
}

}  // namespace mra
