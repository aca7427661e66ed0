#include "harness/train/optimizer.h"

#include <array>
#include <sstream>

#include "harness/base/error.h"

namespace mra {
namespace {

/// Returns the elements of a dense tensor as a vector in memory order, as fused kernels expect.
torch::Tensor flat_view(const torch::Tensor& tensor) {
  return tensor.detach().as_strided({tensor.numel()}, {1});
}

/// Whether tensors of equal shape have their elements in the same order in memory.
bool same_layout(const torch::Tensor& a, const torch::Tensor& b) {
  for (int64_t dim = 0; dim < a.dim(); ++dim)
    if (a.size(dim) > 1 && a.stride(dim) != b.stride(dim)) return false;
  return true;
}

torch::Tensor flat_gradient(const torch::Tensor& parameter) {
  const torch::Tensor& gradient = parameter.grad();
  if (same_layout(gradient, parameter)) return flat_view(gradient);
  return flat_view(torch::empty_like(parameter).copy_(gradient));
}

}  // namespace

bool has_decay(const std::string& decay_on, const std::string& name, int64_t dimensions) {
  if (decay_on == "matrices") return dimensions > 1;
  const std::string prefix = "name:";
  if (!decay_on.starts_with(prefix)) return true;
  std::istringstream parts(decay_on.substr(prefix.size()));
  for (std::string part; std::getline(parts, part, ',');)
    if (name.find(part) != std::string::npos) return false;
  return true;
}

Optimizer::Optimizer(const torch::nn::Module& module, const Recipe& recipe)
    : recipe_(recipe), adam_(recipe.optimizer == "adamw") {
  decayed_.weight_decay = recipe.weight_decay;
  for (const auto& item : module.named_parameters()) {
    const torch::Tensor& parameter = item.value();
    if (!parameter.requires_grad()) continue;
    const bool decays = has_decay(recipe.decay_on, item.key(), parameter.dim());
    add(item.key(), parameter, decays ? decayed_ : undecayed_);
  }
  check(!parameters_.empty(), ErrorKind::kUsage, "model", "has no trainable parameter",
        "choose a model with trainable parameters");
  step_ = torch::zeros({}, parameters_.front().options().dtype(torch::kFloat32));
  if (adam_) state_["step"] = step_;
}

void Optimizer::add(const std::string& name, const torch::Tensor& parameter, Group& group) {
  TORCH_CHECK(parameter.is_non_overlapping_and_dense(), name, " is not dense in memory");
  parameters_.push_back(parameter);
  Slot slot{parameter, {flat_view(parameter)}};
  const auto add_state = [&](const std::string& kind) {
    const torch::Tensor state = torch::zeros_like(parameter.detach());
    state_[kind + "/" + name] = state;
    slot.flat.push_back(flat_view(state));
  };
  if (adam_) {
    add_state("mean");
    add_state("square");
  } else if (recipe_.momentum != 0) {
    add_state("momentum");
  }
  group.slots.push_back(std::move(slot));
}

void Optimizer::zero_grad() {
  for (torch::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

void Optimizer::step(double lr) {
  const torch::NoGradGuard no_grad;
  step_.add_(1);
  step_group(decayed_, lr);
  step_group(undecayed_, lr);
}

void Optimizer::step_group(Group& group, double lr) {
  std::array<std::vector<torch::Tensor>, 3> flat;  // parameters, first and second state
  std::vector<torch::Tensor> gradients;
  for (const Slot& slot : group.slots) {
    if (!slot.parameter.grad().defined()) continue;
    gradients.push_back(flat_gradient(slot.parameter));
    for (size_t i = 0; i < slot.flat.size(); ++i) flat[i].push_back(slot.flat[i]);
  }
  if (gradients.empty()) return;
  if (adam_) {
    const std::vector<torch::Tensor> steps(gradients.size(), step_);
    at::_fused_adamw_(flat[0], gradients, flat[1], flat[2], {}, steps, lr, recipe_.beta1,
                      recipe_.beta2, group.weight_decay, recipe_.eps, /*amsgrad=*/false,
                      /*maximize=*/false);
  } else {
    // With momentum buffers of zeros, the first step gives buffer = gradient, as in PyTorch.
    at::_fused_sgd_(flat[0], gradients, flat[1], group.weight_decay, recipe_.momentum, lr,
                    /*dampening=*/0, recipe_.nesterov, /*maximize=*/false,
                    /*is_first_step=*/false);
  }
}

}  // namespace mra
