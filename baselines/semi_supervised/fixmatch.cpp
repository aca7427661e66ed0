#include "baselines/semi_supervised/parts.h"

namespace mra {

/// FixMatch (Sohn et al. 2020): the class predicted for the weak view, if it is confident, is the
/// label of the strong view.
SemiSupervisedMethod make_fixmatch(SpecReader spec, const MethodContext&) {
  const auto weight = read_weight(spec, {.weight = 1, .ramp_frac = 0});
  const double threshold = read_threshold(spec, 0.95);
  spec.reject_unread_keys();
  const auto formula = [weight, threshold](const SemiSupervisedStep& step) {
    SemiSupervisedLoss loss;
    const auto logits = joint_forward(step);
    loss.supervised = soft_cross_entropy(logits.labelled, step["targets"]);
    std::tie(loss.used, loss.pseudo_labels) = pseudo_labels(logits.weak, threshold);
    loss.unsupervised =
        masked_mean(class_cross_entropy_rows(logits.strong, loss.pseudo_labels), loss.used);
    loss.total = loss.supervised + weight.at(step) * loss.unsupervised;
    return loss;
  };
  return {.views = {"weak", "strong"}, .loss = formula};
}

}  // namespace mra
