#pragma once

#include "baselines/augment/mixing.h"

namespace mra {

/// lambda·(images, targets) + (1 − lambda)·(images, targets)[permutation].
Batch mix_up(Batch batch, const torch::Tensor& permutation, double lambda);

}  // namespace mra
