#pragma once

#include <functional>

#include <torch/torch.h>

#include "harness/base/rng.h"

namespace mra {

/// What a step learns from. Shapes: N pictures, C classes.
struct Batch {
  torch::Tensor images;   // [N,3,H,W] f32, normalised, on the training device
  torch::Tensor targets;  // [N,C] f32, rows sum to 1
  torch::Tensor indices;  // [N] i64 on the CPU, positions in the data set
  torch::Tensor draws;    // [N] i64 on the CPU, which time each picture comes (sampler.h)
};

/// A change of a whole batch on the training device; all randomness comes from `rng`.
using BatchTransform = std::function<Batch(Batch batch, Rng& rng)>;

}  // namespace mra
