#include "baselines/semi_supervised/parts.h"

namespace mra {

UnlabelledWeight read_weight(SpecReader& spec, UnlabelledWeight fallback) {
  return {spec.in_range("weight", fallback.weight, 0.0, 1e6),
          spec.in_range("ramp_frac", fallback.ramp_frac, 0.0, 1.0)};
}

double read_threshold(SpecReader& spec, double fallback) {
  return spec.in_range("threshold", fallback, 0.0, 2.0);
}

torch::Tensor cross_entropy_rows(const torch::Tensor& logits, const torch::Tensor& targets) {
  return -(targets * torch::log_softmax(logits, 1)).sum(1);
}

torch::Tensor class_cross_entropy_rows(const torch::Tensor& logits, const torch::Tensor& labels) {
  return torch::cross_entropy_loss(logits, labels, /*weight=*/{}, at::Reduction::None);
}

std::pair<torch::Tensor, torch::Tensor> pseudo_labels(const torch::Tensor& logits,
                                                      double threshold) {
  const auto [confidence, labels] = torch::softmax(logits.detach(), 1).max(1);
  return {confidence >= threshold, labels};
}

torch::Tensor masked_mean(const torch::Tensor& values, const torch::Tensor& used) {
  return (values * used).mean();
}

JointLogits joint_forward(const SemiSupervisedStep& step) {
  const auto &labelled = step["labelled"], &weak = step["weak"], &strong = step["strong"];
  const auto logits = step.student(torch::cat({labelled, weak, strong}));
  const auto parts = logits.split_with_sizes({labelled.size(0), weak.size(0), strong.size(0)});
  return {parts[0], parts[1], parts[2]};
}

}  // namespace mra
