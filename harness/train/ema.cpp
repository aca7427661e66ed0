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

void AveragedWeights::swap() {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const torch::Tensor current = parameters_[i].detach().clone();
    parameters_[i].copy_(averages_[i]);
    averages_[i].copy_(current);
  }
}

}  // namespace mra
