#include "harness/train/ema.h"

namespace mra {

AveragedWeights::AveragedWeights(const torch::nn::Module& module, double decay) : decay_(decay) {
  const torch::NoGradGuard no_grad;
  for (const auto& item : module.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    parameters_.push_back(item.value());
    averages_.push_back(item.value().detach().clone());
    state_[item.key()] = averages_.back();
  }
}

void AveragedWeights::update() {
  const torch::NoGradGuard no_grad;
  at::_foreach_lerp_(averages_, parameters_, 1.0 - decay_);
}

void AveragedWeights::exchange() {
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const torch::Tensor current = parameters_[i].variable_data();  // shares the memory
    parameters_[i].set_data(averages_[i].variable_data());
    averages_[i].set_data(current);
  }
}

}  // namespace mra
