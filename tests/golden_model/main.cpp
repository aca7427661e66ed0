#include <gtest/gtest.h>

#include "harness/train/device.h"
#include "tests/golden_model/kinds.h"

namespace mra {

Tensors with_prefix(const Tensors& tensors, const std::string& prefix) {
  Tensors found;
  for (const auto& [name, tensor] : tensors)
    if (name.starts_with(prefix)) found[name.substr(prefix.size())] = tensor;
  return found;
}

torch::Tensor torch_tensor(const TensorView& view) {
  const GoldenTensor golden = golden_tensor(view);
  auto tensor = torch::tensor(golden.values, torch::kFloat64).reshape(view.shape);
  return tensor.to(view.dtype == "F64"   ? torch::kFloat64
                   : view.dtype == "F32" ? torch::kFloat32
                   : view.dtype == "U8"  ? torch::kUInt8
                                         : torch::kInt64);
}

GoldenTensor golden_tensor(const torch::Tensor& tensor) {
  const auto flat = tensor.detach().to(torch::kFloat64).contiguous().flatten();
  return {tensor.sizes().vec(), {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()}};
}

/// A case's weights: {"file", "prefix"} of its options.
static void add_weights(const GoldenCase& golden, Tensors& inputs) {
  if (!golden.options.contains("weights") || !golden.options["weights"].is_object()) return;
  const std::string prefix = golden.options["weights"].at("prefix");
  for (const auto& [name, view] :
       golden.safetensors(golden.options["weights"].at("file")).tensors())
    if (name.starts_with(prefix))
      inputs["weights/" + name.substr(prefix.size())] = torch_tensor(view);
}

static GoldenKind as_golden(const TensorKind& kind) {
  return [kind](const GoldenCase& golden) {
    Tensors inputs;
    for (const std::string& name : golden.inputs) inputs[name] = torch_tensor(golden.tensor(name));
    add_weights(golden, inputs);
    GoldenTensors outputs;
    for (const auto& [name, tensor] : kind(golden.options, inputs))
      outputs[name] = golden_tensor(tensor);
    return outputs;
  };
}

}  // namespace mra

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  mra::TensorKinds tensor_kinds;
  mra::add_mae_kinds(tensor_kinds);
  mra::add_train_kinds(tensor_kinds);
  mra::add_augment_kinds(tensor_kinds);
  mra::add_figure_kinds(tensor_kinds);
  mra::add_semi_supervised_kinds(tensor_kinds);
  mra::add_wide_resnet_kinds(tensor_kinds);
  mra::add_few_shot_kinds(tensor_kinds);
  std::map<std::string, mra::GoldenKind> kinds;
  mra::add_resnet_kinds(kinds);
  for (const auto& [name, kind] : tensor_kinds) kinds[name] = mra::as_golden(kind);
  mra::set_threads(1);
  mra::register_golden_tests(kinds, /*report_uncovered=*/true);
  return RUN_ALL_TESTS();
}
