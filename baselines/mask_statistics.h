#pragma once

#include <vector>

#include <torch/torch.h>

#include "harness/data/dataset.h"
#include "harness/data/input.h"

namespace mra {

/// Shapes: N pictures of H×W, L patches in rows of √L.

/// A mean over pictures and half the width of its 95 % confidence interval, assuming a normal
/// distribution (interval_half_width() of harness/train/metrics.h).
struct MeanOverPictures {
  double mean = 0, half_width = 0;
  int64_t pictures = 0;
};
MeanOverPictures mean_over_pictures(const std::vector<double>& values);

/// Returns the share of each picture's object that stays visible, 0 … 1. Pictures without an object
/// are left out.
std::vector<double> object_seen_fracs(const torch::Tensor& hidden,    // [N,L], 1 = hidden
                                      const torch::Tensor& objects);  // [N,H,W], 1 on the object

/// Returns object masks as a network sees the pictures in evaluation: resized to
/// input.eval_resize_px and cropped at the centre. A pixel is 1 when more than half of it is
/// object. -> [N,S,S] u8, S = input.size_px.
torch::Tensor objects_as_seen(const Dataset& dataset, const std::vector<int64_t>& indices,
                              const InputOptions& input);

/// How much the scores of patches depend on the place of a patch alone.
struct PlaceShare {
  double share_frac = 0;     ///< share of the variance within pictures due to the place, 0 … 1
  torch::Tensor mean_score;  // [L] f64, over pictures
};

/// Computes it for `scores` [N,L] with N, L ≥ 2. Each picture's mean is subtracted first, because
/// it does not change the ranks of its patches. Then each score is the mean of its place plus a
/// rest. With M_p and M_r the mean squares of both (N·Σ mean²/(L−1) and Σ rest²/((N−1)·(L−1))), the
/// share is
///   σ_p² / (σ_p² + M_r),  σ_p² = (M_p − M_r) / N,
/// limited to 0 … 1. Both variances are unbiased, so that random scores give about 0 and not 1/N.
/// When all scores of each picture are equal, the share is 0.
PlaceShare place_share(const torch::Tensor& scores);

}  // namespace mra
