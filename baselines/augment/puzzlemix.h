#pragma once

#include <vector>

#include "baselines/augment/puzzle_cost.h"
#include "harness/data/input.h"
#include "harness/train/batch.h"

namespace mra {

// Puzzle Mix (Kim, Choo and Song 2020). Shapes: N pictures of S×S pixels, b blocks per side.

struct PuzzleMixOptions {
  PuzzleWeights weights;
  int64_t neigh_size = 2;   ///< side in pixels of the squares averaged before comparing edges
  bool transport = true;    ///< whether blocks are moved
  double shift_cost = 0.8;  ///< cost of moving a block across the grid; a picture's saliency is 1
};

/// Returns those of the published numbers of blocks per side, 2 … 16, whose blocks have ≥ 2 pixels.
std::vector<int64_t> fitting_blocks(int64_t size_px);

/// The random draws for a batch.
struct PuzzleDraw {
  double alpha = 0;           ///< the wanted share of the own pictures
  torch::Tensor permutation;  // [N] i64 on the CPU: the partner of each picture
  int64_t blocks = 0;         ///< per side; one of fitting_blocks()
};

/// Draws alpha from Beta(beta, beta), a permutation and a number of blocks.
PuzzleDraw draw_puzzle(int64_t pictures, int64_t size_px, double beta, Rng& rng);

/// The solution of a batch, for each block of each picture.
struct Puzzle {
  torch::Tensor own_share;  // [N,b,b] f32 on the CPU: 1, ½ or 0
  /// The block of the own and of the partner picture that each place takes; −1: zeros. Undefined
  /// without `transport`.
  torch::Tensor own_source, partner_source;  // [N,b²] i64 on the CPU
};

/// Solves the puzzles of a batch in the threads of tensor operations. Deterministic.
Puzzle solve_puzzle(const torch::Tensor& images,    // [N,3,S,S] f32, normalised as `input` says
                    const torch::Tensor& saliency,  // [N,S,S] f32
                    const PuzzleDraw& draw, const PuzzleMixOptions& options,
                    const InputOptions& input);

/// Returns the own picture's share in each result: [N] f64 on the CPU.
torch::Tensor own_shares(const Puzzle& puzzle);

/// Puts the batch together by the solution, with targets mixed by share.
Batch lay_puzzle(Batch batch, const torch::Tensor& permutation, const Puzzle& puzzle);

}  // namespace mra
