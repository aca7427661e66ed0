#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "harness/train/batch.h"

namespace mra {

// Helpers of Mixup, CutMix and their successors. Shapes: N pictures of H×W, C classes.

/// Makes a transform that mixes pictures of the batch (BatchTransform::mixes is true).
BatchTransform mixing(BatchTransform::Apply apply, BatchTransform::Views views = {});

/// Rows [top, bottom) and columns [left, right).
struct MixBox {
  int64_t top = 0, bottom = 0, left = 0, right = 0;
};

/// Returns CutMix's box: 1 − lambda of the picture's area, around a centre, clipped to the picture.
MixBox mix_box(double lambda, int64_t center_row, int64_t center_col, int64_t height,
               int64_t width);

/// Returns the share of a picture's area outside the box.
double share_outside(const MixBox& box, int64_t height, int64_t width);

/// Returns a uniformly drawn permutation of N pictures: [N] i64 on the CPU.
torch::Tensor draw_permutation(int64_t pictures, Rng& rng);

/// lambda·images + (1 − lambda)·images[permutation], in the memory layout of `images` [N,3,H,W].
torch::Tensor mix_images(const torch::Tensor& images, const torch::Tensor& permutation,
                         double lambda);

/// lambda·targets + (1 − lambda)·targets[permutation].
torch::Tensor mix_targets(const torch::Tensor& targets, const torch::Tensor& permutation,
                          double lambda);

/// Replaces the box of each picture by that of its partner, and mixes the targets by area.
Batch paste_box(Batch batch, const torch::Tensor& permutation, const MixBox& box);

}  // namespace mra
