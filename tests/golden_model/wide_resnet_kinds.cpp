// Golden kind wrn_var: TorchSSL's wide residual network, with weights by formula.
#include <cmath>

#include <gtest/gtest.h>

#include "harness/model/wide_resnet.h"
#include "harness/train/loss.h"
#include "tests/golden_model/kinds.h"

namespace mra {
namespace {

/// The value of an element of a tensor for the formula's number `s` of it.
double filled(const std::string& name, const torch::Tensor& tensor, double s) {
  if (name.ends_with("running_mean")) return 0.1 * s;
  if (name.ends_with("running_var")) return 1 + 0.5 * s;
  if (name.find("bn") != std::string::npos && name.ends_with("weight")) return 1 + 0.3 * s;
  if (name.ends_with("bias")) return 0.1 * s;
  return s * std::sqrt(2 / (double(tensor.numel()) / double(tensor.size(0))));
}

/// Fills the tensor that is the t-th of the state dict.
void fill(const std::string& name, torch::Tensor tensor, size_t t) {
  if (!tensor.is_floating_point()) {
    tensor.zero_();
    return;
  }
  auto values = torch::empty(tensor.sizes(), torch::kFloat32);
  for (int64_t i = 0; i < tensor.numel(); ++i) {
    const double x = double(i);
    const double s = std::sin(0.7 + 1.9 * double(t) + 0.37 * x + 0.00011 * x * x);
    values.data_ptr<float>()[i] = float(filled(name, tensor, s));
  }
  tensor.copy_(values);
}

void fill_all(const Classifier& network, const std::vector<std::string>& order) {
  const torch::NoGradGuard no_grad;
  StateDict tensors = state_dict(*network);
  ASSERT_EQ(tensors.size(), order.size());
  for (size_t t = 0; t < order.size(); ++t) {
    ASSERT_TRUE(tensors.contains(order[t])) << order[t];
    fill(order[t], tensors[order[t]], t);
  }
}

Tensors wide_resnet_case(const Json& options, const Tensors& inputs) {
  if (options.at("weights") != "formula") not_built("other weights than by formula");
  WideResNetOptions sizes;
  sizes.depth = options.at("depth");
  sizes.widen = options.at("widen_factor");
  sizes.first_stride = options.at("first_stride");
  sizes.groups = options.value("groups", sizes.groups);
  sizes.classes = options.at("classes");
  const Classifier network = std::make_shared<WideResNetImpl>(sizes);
  int64_t parameters = 0;
  for (const auto& parameter : network->parameters()) parameters += parameter.numel();
  EXPECT_EQ(parameters, options.at("parameters").get<int64_t>());
  fill_all(network, options.at("state_dict_order"));

  Tensors outputs;
  network->eval();
  outputs["eval_logits"] = network->forward(inputs.at("x"));
  network->train();
  outputs["train_logits"] = network->forward(inputs.at("x"));
  const auto targets = one_hot_targets(inputs.at("y"), sizes.classes);
  outputs["loss"] = soft_cross_entropy(outputs["train_logits"], targets);
  outputs["loss"].backward();
  const std::vector<std::string> unused = options.at("no_gradient");
  for (const auto& item : network->named_parameters()) {
    const bool has_none = std::find(unused.begin(), unused.end(), item.key()) != unused.end();
    EXPECT_EQ(item.value().grad().defined(), !has_none) << item.key();
    if (item.value().grad().defined()) outputs["grad/" + item.key()] = item.value().grad();
  }
  for (const auto& item : network->named_buffers()) outputs["after/" + item.key()] = item.value();
  return outputs;
}

}  // namespace

void add_wide_resnet_kinds(TensorKinds& kinds) {
  kinds["wrn_var"] = wide_resnet_case;
}

}  // namespace mra
