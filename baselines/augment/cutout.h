#pragma once

#include <vector>

#include "baselines/augment/mixing.h"

namespace mra {

/// Sets a square of each picture to 0, which is the mean colour after normalisation: rows and
/// columns [centre − size/2, centre + size/2), clipped. `centers`: {row, column} for each picture.
torch::Tensor cut_out(const torch::Tensor& images,  // [N,3,H,W]
                      int64_t size_px, const std::vector<std::pair<int64_t, int64_t>>& centers);

}  // namespace mra
