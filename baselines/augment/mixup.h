#pragma once

#include "baselines/augment/mixing.h"

namespace mra {

/// lambda·(picture, targets) + (1 − lambda)·(those of its partner).
Batch mix_up(Batch batch, const torch::Tensor& permutation, double lambda);

}  // namespace mra
