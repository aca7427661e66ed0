#pragma once

#include <torch/types.h>

#include "baselines/augment/grid_cut.h"

namespace mra {

// What Puzzle Mix minimises. Shapes: N pictures of S×S pixels, b blocks a side.

/// A block is labelled 0 (the own picture), 1 (half of each) or 2 (the partner).
constexpr int kPuzzleLabels = 3;

/// Weights of the terms, named as in the paper; the defaults are its ImageNet settings.
struct PuzzleWeights {
  double beta = 1.2;   ///< how much neighbouring blocks keep together
  double gamma = 0.5;  ///< how much what fits together does, as a share of that
  double eta = 0.2;    ///< how much the shares follow the drawn one
};

/// How much the pictures differ across the edges of blocks: mean over the channels and the edge.
/// First index: 2·(upper or left is own) + (lower or right is own).
struct EdgeDifferences {
  torch::Tensor down;   // [4,N,b-1,b] f64 on the CPU
  torch::Tensor right;  // [4,N,b,b-1] f64 on the CPU
};

/// Of pictures and their partners: [N,3,S,S] f32 of values in [0,1], averaged over squares of
/// `neigh_size` pixels first, or of the next smaller size that divides a block.
EdgeDifferences edge_differences(const torch::Tensor& images,
                                 const torch::Tensor& permutation,  // [N] i64
                                 int64_t blocks, int64_t neigh_size);

/// Each block's share of the saliency: [N,S,S] f32 -> [N,b,b] f64 on the CPU, each picture's sum 1.
/// Where there is none at all, or it is not finite, all blocks have the same.
torch::Tensor block_saliency(const torch::Tensor& saliency, int64_t blocks);

/// The energy of picture `own` with `partner` when the share `alpha` was drawn: 4000·b² times that
/// of the paper, cut to whole numbers as the published code does. `saliency` [N,b,b] f64.
GridEnergy puzzle_energy(const torch::Tensor& saliency, const EdgeDifferences& edges, int64_t own,
                         int64_t partner, double alpha, const PuzzleWeights& weights);

}  // namespace mra
