#pragma once

#include <torch/torch.h>

namespace mra {

/// Shapes: N pictures, C classes.

/// Cross-entropy with soft targets: −Σ target·log softmax(logits), mean over the batch.
torch::Tensor soft_cross_entropy(const torch::Tensor& logits,    // [N,C]
                                 const torch::Tensor& targets);  // [N,C] f32, rows sum to 1

/// Label smoothing of soft targets: (1−smoothing)·target + smoothing/C.
torch::Tensor smooth_targets(const torch::Tensor& targets, double smoothing);

/// One-hot targets; zeros for a negative label, which means unknown.
torch::Tensor one_hot_targets(const torch::Tensor& labels,
                              int64_t classes);  // [N] i64 -> [N,C] f32

}  // namespace mra
