#pragma once

#include <functional>
#include <map>
#include <string>

#include "harness/model/mae.h"
#include "harness/model/state_dict.h"
#include "harness/spec/json.h"
#include "tests/support/golden.h"

namespace mra {

using Tensors = StateDict;

/// A kind whose inputs and outputs are LibTorch's tensors, by name. When the options point at
/// weights ({file, prefix}), they are inputs too, as "weights/<key>".
using TensorKind = std::function<Tensors(const Json& options, const Tensors& inputs)>;
using TensorKinds = std::map<std::string, TensorKind>;

void add_mae_kinds(TensorKinds& kinds);
void add_resnet_kinds(std::map<std::string, GoldenKind>& kinds);
void add_train_kinds(TensorKinds& kinds);
void add_augment_kinds(TensorKinds& kinds);
void add_figure_kinds(TensorKinds& kinds);
void add_semi_supervised_kinds(TensorKinds& kinds);
void add_wide_resnet_kinds(TensorKinds& kinds);
void add_few_shot_kinds(TensorKinds& kinds);

/// The tensors whose name begins with `prefix`, without it.
Tensors with_prefix(const Tensors& tensors, const std::string& prefix);

/// The values of a view as a tensor of its own type.
torch::Tensor torch_tensor(const TensorView& view);
GoldenTensor golden_tensor(const torch::Tensor& tensor);

/// The autoencoder of a case's sizes with the case's weights.
MaskedAutoencoder golden_mae(const Json& sizes, bool norm_pix, const Tensors& inputs);

}  // namespace mra
