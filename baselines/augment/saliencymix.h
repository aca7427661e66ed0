#pragma once

#include <array>
#include <utility>
#include <vector>

#include "baselines/augment/mixing.h"

namespace mra {

/// Normalised pictures as the bytes they came from, blue first: [3,H,W] f32 -> [H,W,3].
std::vector<uint8_t> to_bgr_bytes(const torch::Tensor& image, const std::array<float, 3>& mean,
                                  const std::array<float, 3>& std);

/// {row, column} of the largest value, the first of equals row by row.
std::pair<int64_t, int64_t> first_peak(const std::vector<uint8_t>& map, int64_t width);

}  // namespace mra
