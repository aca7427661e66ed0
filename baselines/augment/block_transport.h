#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mra {

/// Moves the salient blocks of a picture to the places that are shown (Puzzle Mix). Both vectors
/// are [side, side], `side` ≥ 2. Returns the block that each place takes, −1 for none. No block is
/// taken twice.
///
/// A block wants the place of least cost: `shift_cost` times the squared distance (in units of the
/// grid's width), minus its own saliency if the place is shown. Among the blocks that want a place,
/// the one of least cost gets it if that cost is negative; for the others the cost of this place
/// rises by 1. This is repeated for `side` rounds. The last round is the result.
std::vector<int64_t> transport_blocks(const std::vector<double>& saliency,
                                      const std::vector<bool>& shown, int side, double shift_cost);

}  // namespace mra
