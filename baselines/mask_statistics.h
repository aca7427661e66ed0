#pragma once

#include <vector>

#include <torch/torch.h>

#include "harness/data/dataset.h"
#include "harness/data/input.h"

namespace mra {

/// Shapes: N pictures of H×W, L patches in rows of √L.

/// A mean over pictures and half the width of its 95 % interval, by the normal distribution
/// (interval_half_width of harness/train/metrics.h).
struct MeanOverPictures {
  double mean = 0, half_width = 0;
  int64_t pictures = 0;
};
MeanOverPictures mean_over_pictures(const std::vector<double>& values);

/// Which share of each picture's object stays visible, 0 … 1, picture by picture; a picture without
/// an object is left out.
std::vector<double> object_seen_fracs(const torch::Tensor& hidden,    // [N,L], 1 = hidden
                                      const torch::Tensor& objects);  // [N,H,W], 1 on the object

/// Where the objects of pictures with known masks lie as a network sees them in evaluation: after
/// resizing to input.eval_resize_px and the central crop. A pixel is the object's when the greater
/// part of it is. -> [N,S,S] u8, S = input.size_px.
torch::Tensor objects_as_seen(const Dataset& dataset, const std::vector<int64_t>& indices,
                              const InputOptions& input);

/// How far scores of patches depend on the place of a patch alone.
struct PlaceShare {
  double share_frac = 0;     ///< of the variance within pictures that the place explains, 0 … 1
  torch::Tensor mean_score;  // [L] f64, over pictures
};

/// Of `scores` [N,L] with N, L ≥ 2. What a whole picture adds to all its scores ranks no patch
/// above another and is taken off first; then every score is the mean of its place and a rest. With
/// M_p and M_r the mean squares of both (N·Σ mean²/(L−1) and Σ rest²/((N−1)·(L−1))), the share is
///   σ_p² / (σ_p² + M_r),  σ_p² = (M_p − M_r) / N,
/// limited to 0 … 1: both variances without bias, so that scores of pure chance come to about 0
/// and not to 1/N. When all scores of each picture are equal it is 0.
PlaceShare place_share(const torch::Tensor& scores);

}  // namespace mra
