#include "baselines/semi_supervised/parts.h"

namespace mra {

/// Mean Teacher (Tarvainen and Valpola 2017): the target is the prediction of the averaged network
/// for another view.
SemiSupervisedMethod make_mean_teacher(SpecReader spec, const MethodContext&) {
  const auto weight = read_weight(spec, {.weight = 50, .ramp_frac = 0.4});
  spec.reject_unread_keys();
  const auto formula = [weight](const SemiSupervisedStep& step) {
    SemiSupervisedLoss loss;
    const auto target = torch::softmax(step.teacher(step["weak"]), 1);
    loss.supervised = soft_cross_entropy(step.student(step["labelled"]), step["targets"]);
    const auto learnt = torch::softmax(step.student.frozen(step["weak2"]), 1);
    loss.unsupervised = torch::mse_loss(learnt, target);
    loss.total = loss.supervised + weight.at(step) * loss.unsupervised;
    return loss;
  };
  return {.views = {"weak", "weak2"}, .loss = formula, .needs_teacher = true};
}

}  // namespace mra
