#pragma once

#include <vector>

#include "baselines/augment/puzzle_cost.h"
#include "harness/data/input.h"
#include "harness/train/batch.h"

namespace mra {

// Puzzle Mix (Kim, Choo and Song 2020). Shapes: N pictures of S×S pixels, b blocks a side.

struct PuzzleMixOptions {
  PuzzleWeights weights;
  int64_t neigh_size = 2;   ///< pixels a side that are averaged before edges are compared
  bool transport = true;    ///< whether blocks are moved
  double shift_cost = 0.8;  ///< of moving a block across the grid, against all of the saliency
};

/// The published numbers of blocks a side, 2 … 16, that divide a side into two pixels or more.
std::vector<int64_t> fitting_blocks(int64_t size_px);

/// What chance decides about a batch.
struct PuzzleDraw {
  double alpha = 0;           ///< the share that is to be the own pictures'
  torch::Tensor permutation;  // [N] i64 on the CPU: the partner of each
  int64_t blocks = 0;         ///< a side; one of fitting_blocks()
};

/// alpha from Beta(beta, beta).
PuzzleDraw draw_puzzle(int64_t pictures, int64_t size_px, double beta, Rng& rng);

/// What becomes of each block of each picture.
struct Puzzle {
  torch::Tensor own_share;  // [N,b,b] f32 on the CPU: 1, ½ or 0
  /// The block of the own, and of the partner's, picture that each place takes; −1: zeros.
  /// Undefined when no block is moved.
  torch::Tensor own_source, partner_source;  // [N,b²] i64 on the CPU
};

/// Solves the puzzles of a batch, by the threads of tensor operations; no chance in it.
Puzzle solve_puzzle(const torch::Tensor& images,    // [N,3,S,S] f32, normalised as `input` says
                    const torch::Tensor& saliency,  // [N,S,S] f32
                    const PuzzleDraw& draw, const PuzzleMixOptions& options,
                    const InputOptions& input);

/// The share of each picture that is its own: [N] f64 on the CPU.
torch::Tensor own_shares(const Puzzle& puzzle);

/// The batch put together as solved, targets by share.
Batch lay_puzzle(Batch batch, const torch::Tensor& permutation, const Puzzle& puzzle);

}  // namespace mra
