#include "harness/train/loss.h"

namespace mra {

torch::Tensor soft_cross_entropy(const torch::Tensor& logits, const torch::Tensor& targets) {
  // At least f32, also under autocast: a bf16 sum over many classes is too inexact to learn from.
  const auto type = torch::promote_types(logits.scalar_type(), torch::kFloat32);
  const torch::Tensor log_probabilities = torch::log_softmax(logits, 1, type);
  return -(targets * log_probabilities).sum(1).mean();
}

torch::Tensor smooth_targets(const torch::Tensor& targets, double smoothing) {
  if (smoothing == 0) return targets;
  return targets * (1.0 - smoothing) + smoothing / double(targets.size(1));
}

torch::Tensor one_hot_targets(const torch::Tensor& labels, int64_t classes) {
  return labels.unsqueeze(1).eq(torch::arange(classes, labels.options())).to(torch::kFloat32);
}

}  // namespace mra
