#pragma once

#include <torch/torch.h>

#include "harness/data/input.h"
#include "harness/train/batch.h"

namespace mra {

// Turns tensors into pictures for display.

/// [N,H,W] of any range -> grey pictures, each scaled from black to white: [N,3,H,W] f32.
torch::Tensor as_grey(const torch::Tensor& maps);

/// Undoes the normalisation: pictures [N,3,H,W] f32 within 0 … 1, on the CPU.
torch::Tensor denormalised(const torch::Tensor& images, const InputOptions& input);

}  // namespace mra
