#include "harness/model/fast_weights.h"

namespace mra {

namespace nn = torch::nn;

FastWeights::FastWeights(nn::Module& module) {
  const auto add = [this](auto* layer) {
    if (!layer) return;
    for (torch::Tensor* place : {&layer->weight, &layer->bias})
      if (place->defined()) places_.push_back(place);
  };
  for (const auto& part : module.modules()) {
    add(part->as<nn::Conv2dImpl>());
    add(part->as<nn::LinearImpl>());
    add(part->as<nn::BatchNorm2dImpl>());
  }
  for (const torch::Tensor* place : places_) parameters_.push_back(*place);
  TORCH_CHECK(places_.size() == module.parameters().size(),
              "a layer of an unknown kind has parameters");
}

FastWeights::~FastWeights() {
  use(parameters_);
}

void FastWeights::use(const std::vector<torch::Tensor>& weights) {
  for (size_t i = 0; i < places_.size(); ++i) *places_[i] = weights.at(i);
}

}  // namespace mra
