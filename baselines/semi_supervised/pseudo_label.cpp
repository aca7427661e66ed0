#include "baselines/semi_supervised/parts.h"

namespace mra {

/// Pseudo-Label (Lee 2013): the predicted class of a picture becomes its label if it is confident.
SemiSupervisedMethod make_pseudo_label(SpecReader spec, const MethodContext&) {
  const auto weight = read_weight(spec, {.weight = 1, .ramp_frac = 0.4});
  const double threshold = read_threshold(spec, 0.95);
  spec.reject_unread_keys();
  const auto formula = [weight, threshold](const SemiSupervisedStep& step) {
    SemiSupervisedLoss loss;
    loss.supervised = soft_cross_entropy(step.student(step["labelled"]), step["targets"]);
    const auto logits = step.student.frozen(step["weak"]);
    std::tie(loss.used, loss.pseudo_labels) = pseudo_labels(logits, threshold);
    loss.unsupervised =
        masked_mean(class_cross_entropy_rows(logits, loss.pseudo_labels), loss.used);
    loss.total = loss.supervised + weight.at(step) * loss.unsupervised;
    return loss;
  };
  return {.views = {"weak"}, .loss = formula};
}

}  // namespace mra
