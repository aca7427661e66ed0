#pragma once

#include <utility>

#include "harness/tasks/catalog.h"
#include "harness/tasks/semi_supervised.h"
#include "harness/train/loss.h"

namespace mra {

// Helpers of several methods. Shapes: N pictures, B labelled and U unlabelled ones, C classes.

/// Weight of the loss on unlabelled pictures. It rises from 0 over the first part of the training.
struct UnlabelledWeight {
  double weight = 1, ramp_frac = 0;

  double at(const SemiSupervisedStep& step) const { return weight * step.ramp(ramp_frac); }
};
/// Reads "weight" and "ramp_frac" of a spec.
UnlabelledWeight read_weight(SpecReader& spec, UnlabelledWeight fallback);

/// Reads "threshold" of a spec: the least probability of a pseudo-label. Above 1, there are none.
double read_threshold(SpecReader& spec, double fallback);

/// Returns the cross-entropy of each row with soft targets, or with class labels.
torch::Tensor cross_entropy_rows(const torch::Tensor& logits,         // [N,C]
                                 const torch::Tensor& targets);       // [N,C] -> [N]
torch::Tensor class_cross_entropy_rows(const torch::Tensor& logits,   // [N,C]
                                       const torch::Tensor& labels);  // [N] i64 -> [N]

/// Returns whether each row exceeds the threshold, [N] bool, and its class, [N] i64. No gradients.
std::pair<torch::Tensor, torch::Tensor> pseudo_labels(const torch::Tensor& logits,  // [N,C]
                                                      double threshold);

/// Sums the used values and divides by the number of all rows: [N], [N] bool -> scalar.
torch::Tensor masked_mean(const torch::Tensor& values, const torch::Tensor& used);

struct JointLogits {
  torch::Tensor labelled, weak, strong;  // [B,C], [U,C], [U,C]
};
/// Runs all pictures of the step in one forward pass, so that batch norms see all of them.
JointLogits joint_forward(const SemiSupervisedStep& step);

}  // namespace mra
