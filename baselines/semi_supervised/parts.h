#pragma once

#include <utility>

#include "harness/tasks/catalog.h"
#include "harness/tasks/semi_supervised.h"
#include "harness/train/loss.h"

namespace mra {

// What several methods share. Shapes: N pictures, B labelled and U unlabelled ones, C classes.

/// Weight of the loss on unlabelled pictures, and over which part of the training it rises from 0.
struct UnlabelledWeight {
  double weight = 1, ramp_frac = 0;

  double at(const SemiSupervisedStep& step) const { return weight * step.ramp(ramp_frac); }
};
/// "weight" and "ramp_frac" of a spec.
UnlabelledWeight read_weight(SpecReader& spec, UnlabelledWeight fallback);

/// "threshold" of a spec: the least probability that is believed; none passes one above 1.
double read_threshold(SpecReader& spec, double fallback);

/// Cross-entropy of each row with soft targets, and with classes.
torch::Tensor cross_entropy_rows(const torch::Tensor& logits,         // [N,C]
                                 const torch::Tensor& targets);       // [N,C] -> [N]
torch::Tensor class_cross_entropy_rows(const torch::Tensor& logits,   // [N,C]
                                       const torch::Tensor& labels);  // [N] i64 -> [N]

/// Which rows of the logits are sure of a class, [N] bool, and of which, [N] i64; no gradient.
std::pair<torch::Tensor, torch::Tensor> pseudo_labels(const torch::Tensor& logits,  // [N,C]
                                                      double threshold);

/// Mean over all rows of the values of those that are used: [N], [N] bool -> scalar.
torch::Tensor masked_mean(const torch::Tensor& values, const torch::Tensor& used);

struct JointLogits {
  torch::Tensor labelled, weak, strong;  // [B,C], [U,C], [U,C]
};
/// All pictures of the step in one forward pass, so that they share their statistics.
JointLogits joint_forward(const SemiSupervisedStep& step);

}  // namespace mra
