#include "baselines/semi_supervised/parts.h"

namespace mra {

/// Π model (Laine and Aila 2017): two views of a picture should get the same probabilities.
SemiSupervisedMethod make_pi_model(SpecReader spec, const MethodContext&) {
  const auto weight = read_weight(spec, {.weight = 10, .ramp_frac = 0.4});
  spec.reject_unread_keys();
  const auto formula = [weight](const SemiSupervisedStep& step) {
    SemiSupervisedLoss loss;
    loss.supervised = soft_cross_entropy(step.student(step["labelled"]), step["targets"]);
    const auto learnt = torch::softmax(step.student.frozen(step["weak"]), 1);
    const auto target = torch::softmax(step.student.target(step["weak2"]), 1);
    loss.unsupervised = torch::mse_loss(learnt, target);
    loss.total = loss.supervised + weight.at(step) * loss.unsupervised;
    return loss;
  };
  return {.views = {"weak", "weak2"}, .loss = formula};
}

}  // namespace mra
