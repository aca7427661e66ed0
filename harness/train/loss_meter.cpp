#include "harness/train/loss_meter.h"

#include <cmath>

#include <fmt/format.h>

namespace mra {
namespace {

constexpr int64_t kGroupOnGpu = 50;  // steps

}  // namespace

DivergedError::DivergedError(const std::string& what)
    : Error(ErrorKind::kFailure, "training", "diverged: " + what,
            "lower the recipe's \"lr\" or lengthen its \"warmup_epochs\"; with bf16 try fp32") {}

LossMeter::LossMeter(torch::Device device)
    : waiting_(torch::zeros({device.is_cpu() ? 1 : kGroupOnGpu}, device)) {}

void LossMeter::add(const Step& step, const torch::Tensor& loss) {
  const torch::NoGradGuard no_grad;
  waiting_[int64_t(steps_.size())].copy_(loss.detach().reshape({}));
  steps_.push_back(step);
  if (int64_t(steps_.size()) == waiting_.size(0)) flush();
}

void LossMeter::flush() {
  const torch::Tensor losses = waiting_.cpu();
  for (size_t i = 0; i < steps_.size(); ++i) {
    latest = losses.data_ptr<float>()[i];
    if (!std::isfinite(latest))
      throw DivergedError(fmt::format("loss is {} at step {} (epoch {})",
                                      std::isnan(latest) ? "nan" : "infinite", steps_[i].step,
                                      steps_[i].epoch));
    sum += latest;
  }
  steps_.clear();
}

void check_finite_weights(const torch::nn::Module& module, int64_t steps_done) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> sums;
  const auto parameters = module.named_parameters();
  for (const auto& item : parameters) sums.push_back(item.value().abs().amax().to(torch::kFloat32));
  const torch::Tensor finite = torch::stack(sums).isfinite().cpu();
  for (size_t i = 0; i < sums.size(); ++i)
    if (!finite.data_ptr<bool>()[i])
      throw DivergedError(
          fmt::format("weight {} is not finite after {} steps", parameters[i].key(), steps_done));
}

}  // namespace mra
