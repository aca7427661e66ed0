#pragma once

#include <torch/torch.h>

#include "harness/data/input.h"
#include "harness/train/batch.h"

namespace mra {

// Tensors as pictures that people look at.

/// [N,H,W] of any range as grey pictures, each from black to white: [N,3,H,W] f32.
torch::Tensor as_grey(const torch::Tensor& maps);

/// Normalised pictures within 0 … 1, on the CPU: [N,3,H,W] f32.
torch::Tensor denormalised(const torch::Tensor& images, const InputOptions& input);

}  // namespace mra
