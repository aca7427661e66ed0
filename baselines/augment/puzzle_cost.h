#pragma once

#include <torch/types.h>

#include "baselines/augment/grid_cut.h"

namespace mra {

// The energy that Puzzle Mix minimises. Shapes: N pictures of S×S pixels, b blocks per side.

/// Labels of a block: 0 (shows the own picture), 1 (half of each) or 2 (the partner).
constexpr int kPuzzleLabels = 3;

/// Weights of the terms, named as in the paper; the defaults are its ImageNet settings.
struct PuzzleWeights {
  double beta = 1.2;   ///< smoothness of the labels: cost of different neighbours
  double gamma = 0.5;  ///< smoothness of the pixels across edges, as a multiple of beta
  double eta = 0.2;    ///< weight of the prior, which pulls the shares to the drawn one
};

/// Absolute pixel differences across the edges of blocks, averaged over channels and the edge.
/// First index: 2·(the upper or left block is own) + (the lower or right block is own).
struct EdgeDifferences {
  torch::Tensor down;   // [4,N,b-1,b] f64 on the CPU
  torch::Tensor right;  // [4,N,b,b-1] f64 on the CPU
};

/// Computes them for pictures [N,3,S,S] f32 in [0,1] and their partners, which are first averaged
/// over squares of `neigh_size` pixels, or of the next smaller size that divides a block.
EdgeDifferences edge_differences(const torch::Tensor& images,
                                 const torch::Tensor& permutation,  // [N] i64
                                 int64_t blocks, int64_t neigh_size);

/// Returns each block's share of the saliency: [N,S,S] f32 -> [N,b,b] f64 on the CPU, sum 1 per
/// picture. When a picture has no saliency, or it is not finite, all its blocks have equal shares.
torch::Tensor block_saliency(const torch::Tensor& saliency, int64_t blocks);

/// Returns the energy of picture `own` with `partner` for the drawn share `alpha`: 4000·b² times
/// that of the paper, truncated to integers as in the published code. `saliency` [N,b,b] f64.
GridEnergy puzzle_energy(const torch::Tensor& saliency, const EdgeDifferences& edges, int64_t own,
                         int64_t partner, double alpha, const PuzzleWeights& weights);

}  // namespace mra
