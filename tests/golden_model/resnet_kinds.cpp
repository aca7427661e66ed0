// Golden kind resnet_forward: networks whose weights are filled by a formula.
#include <algorithm>
#include <cmath>
#include <fstream>

#include <gtest/gtest.h>

#include "harness/model/cifar_resnet.h"
#include "harness/model/classifier.h"
#include "harness/model/resnet.h"
#include "harness/model/wide_resnet.h"
#include "harness/spec/catalog_names.h"
#include "tests/golden_model/kinds.h"

namespace mra {
namespace {

/// The formula's number for element i of entry n: in [−1, 1).
double noise(uint32_t i, uint32_t n, uint32_t seed) {
  uint32_t x = (i + 1) * 2654435761u + n * 2246822519u + seed * 3266489917u;
  x ^= x >> 15;
  x *= 2246822519u;
  x ^= x >> 13;
  x *= 3266489917u;
  x ^= x >> 16;
  return double(x >> 8) * 0x1p-23 - 1;
}

double filled(const std::string& name, const torch::Tensor& tensor, double u) {
  const std::string last = name.substr(name.rfind('.') + 1);
  if (last == "running_mean") return 0.1 * u;
  if (last == "running_var") return 2 + 0.5 * u;
  if (last == "bias") return 0.1 * u;
  if (tensor.dim() == 1) return 1 + 0.1 * u;
  return std::sqrt(6 / (double(tensor.numel()) / double(tensor.size(0)))) * u;
}

void fill(const std::string& name, torch::Tensor tensor, uint32_t n, uint32_t seed) {
  const torch::NoGradGuard no_grad;
  if (tensor.scalar_type() != torch::kFloat32) {
    tensor.zero_();
    return;
  }
  auto values = torch::empty(tensor.sizes(), torch::kFloat32);
  float* value = values.data_ptr<float>();
  for (int64_t i = 0; i < tensor.numel(); ++i)
    value[i] = float(filled(name, tensor, noise(uint32_t(i), n, seed)));
  tensor.copy_(values);
}

torch::Tensor input_picture(const Json& options) {
  const int64_t side = options.at("image"), batch = options.value("batch", int64_t{2});
  auto image = torch::empty({batch, 3, side, side}, torch::kFloat32);
  for (int64_t i = 0; i < image.numel(); ++i)
    image.data_ptr<float>()[i] =
        float(2 * noise(uint32_t(i), options.at("input_index"), options.at("fill_seed")));
  return image;
}

/// The "model" object of a spec for a network of the golden cases; TorchSSL's have other names.
Json model_of(const std::string& arch) {
  if (arch == "wrn_var_28_2") return {{"name", "wide_resnet"}};
  if (arch == "wrn_28_2") return {{"name", "wide_resnet"}, {"groups", 3}, {"first_stride", 1}};
  const std::vector<std::string> known = model_names();
  if (std::find(known.begin(), known.end(), arch) == known.end()) not_built("network " + arch);
  return {{"name", arch}};
}

Classifier filled_network(const GoldenCase& golden) {
  const Json& options = golden.options;
  const std::string arch = options.at("arch");
  const Json model = model_of(arch);
  const Classifier net =
      make_classifier(SpecReader(model, "golden case"), options.at("num_classes").get<int64_t>());
  StateDict tensors = state_dict(*net);
  const Json& given = options.at("state_dict");  // null: of a network without its last layer
  std::ifstream file(golden.folder /
                     (given.is_null() ? "state_dict_" + arch + ".json" : given.get<std::string>()));
  Json entries = Json::parse(file);
  while (given.is_null() && entries.back().at("name").get<std::string>().starts_with("fc."))
    entries.erase(entries.size() - 1);
  EXPECT_EQ(entries.size(), tensors.size());
  for (size_t n = 0; n < entries.size(); ++n) {
    const std::string name = entries[n].at("name");
    if (!tensors.contains(name)) throw std::runtime_error("no tensor " + name);
    EXPECT_EQ(tensors[name].sizes().vec(), entries[n].at("shape").get<std::vector<int64_t>>());
    fill(name, tensors[name], uint32_t(n), options.at("fill_seed"));
  }
  int64_t trainable = 0;
  for (const auto& parameter : net->parameters()) trainable += parameter.numel();
  EXPECT_EQ(trainable, options.at("parameters").get<int64_t>());
  return net;
}

torch::Tensor features(ClassifierImpl& net, const torch::Tensor& image, size_t stages) {
  if (auto* small = dynamic_cast<CifarResNetImpl*>(&net)) return small->features(image, stages);
  if (auto* wide = dynamic_cast<WideResNetImpl*>(&net)) return wide->features(image, stages);
  return dynamic_cast<ResNetImpl&>(net).features(image, stages);
}

GoldenTensors resnet_case(const GoldenCase& golden) {
  const Classifier net = filled_network(golden);
  const auto image = input_picture(golden.options);
  net->train(golden.options.at("mode") == "train");
  const torch::NoGradGuard no_grad;
  GoldenTensors outputs{{"logits", golden_tensor(net->forward(image))}};
  for (const auto& [name, tensor] : state_dict(*net))
    outputs["after/" + name] = golden_tensor(tensor);
  std::vector<double> rms;
  const size_t count = golden.options.value("stages", Json::array({1, 2, 3, 4})).size();
  if (golden.options.at("mode") == "eval")
    for (size_t stages = 1; stages <= count; ++stages)
      rms.push_back(
          features(*net, image, stages).to(torch::kFloat64).square().mean().sqrt().item<double>());
  outputs["stage_rms"] = {{int64_t(rms.size())}, rms};
  return outputs;
}

}  // namespace

void add_resnet_kinds(std::map<std::string, GoldenKind>& kinds) {
  kinds["resnet_forward"] = resnet_case;
}

}  // namespace mra
