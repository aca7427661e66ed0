#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "harness/train/batch.h"

namespace mra {

// What Mixup, CutMix and those after them share. Shapes: N pictures of H×W, C classes.

/// A transform that mixes pictures of the batch.
BatchTransform mixing(BatchTransform::Apply apply, BatchTransform::Views views = {});

/// Rows [top, bottom) and columns [left, right).
struct MixBox {
  int64_t top = 0, bottom = 0, left = 0, right = 0;
};

/// CutMix's box: of the share 1 − lambda of a picture's area, around a centre, clipped to it.
MixBox mix_box(double lambda, int64_t center_row, int64_t center_col, int64_t height,
               int64_t width);

/// The share of a picture that the box leaves.
double share_outside(const MixBox& box, int64_t height, int64_t width);

/// A uniformly drawn order of N pictures: [N] i64 on the CPU.
torch::Tensor draw_permutation(int64_t pictures, Rng& rng);

/// lambda·images + (1 − lambda)·images[permutation], in the memory layout of `images` [N,3,H,W].
torch::Tensor mix_images(const torch::Tensor& images, const torch::Tensor& permutation,
                         double lambda);

/// lambda·targets + (1 − lambda)·targets[permutation].
torch::Tensor mix_targets(const torch::Tensor& targets, const torch::Tensor& permutation,
                          double lambda);

/// The batch with the box of each picture taken from its partner, and targets by area.
Batch paste_box(Batch batch, const torch::Tensor& permutation, const MixBox& box);

}  // namespace mra
