#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace mra {

using Table = std::array<uint8_t, 256>;  ///< the new value for each old value

/// Replaces the values of `pixels` RGB pixels, each channel by its own table.
void look_up(uint8_t* rgb, size_t pixels, const std::array<Table, 3>& tables);

}  // namespace mra
