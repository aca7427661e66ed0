#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "harness/data/image.h"

namespace mra {

/// Returns the colours of a heat map, RGB from blue (0) over green to red (255): OpenCV's JET.
std::array<std::array<uint8_t, 3>, 256> jet_colours();

/// Blends a picture with a heat map, half of each, scaled so that the largest value is 255. `map`
/// [H,W] and `rgb` [H,W,3], both within 0 … 1.
Image heat_overlay(std::span<const float> map, std::span<const float> rgb, int height_px,
                   int width_px);

}  // namespace mra
