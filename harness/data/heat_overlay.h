#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "harness/data/image.h"

namespace mra {

/// The colours of a heat map, RGB from blue (0) over green to red (255): OpenCV's JET.
std::array<std::array<uint8_t, 3>, 256> jet_colours();

/// A picture under a heat map: half the map's colour, half the picture, as bright as fits 8 bits.
/// `map` [H,W] and `rgb` [H,W,3], both within 0 … 1.
Image heat_overlay(std::span<const float> map, std::span<const float> rgb, int height_px,
                   int width_px);

}  // namespace mra
