#include "baselines/semi_supervised/parts.h"

namespace mra {

/// UDA (Xie et al. 2020): the target of the strong view is the sharpened prediction for the weak
/// view, where that is confident. All labelled pictures count from the start (no TSA).
SemiSupervisedMethod make_uda(SpecReader spec, const MethodContext&) {
  const auto weight = read_weight(spec, {.weight = 1, .ramp_frac = 0});
  const double threshold = read_threshold(spec, 0.8);
  const double temperature = spec.in_range("temperature", 0.4, 1e-3, 1e3);
  spec.reject_unread_keys();
  const auto formula = [weight, threshold, temperature](const SemiSupervisedStep& step) {
    SemiSupervisedLoss loss;
    const auto logits = joint_forward(step);
    loss.supervised = soft_cross_entropy(logits.labelled, step["targets"]);
    const auto target = torch::softmax(logits.weak.detach() / temperature, 1);
    std::tie(loss.used, loss.pseudo_labels) = pseudo_labels(logits.weak, threshold);
    loss.unsupervised = masked_mean(cross_entropy_rows(logits.strong, target), loss.used);
    loss.total = loss.supervised + weight.at(step) * loss.unsupervised;
    return loss;
  };
  return {.views = {"weak", "strong"}, .loss = formula};
}

}  // namespace mra
