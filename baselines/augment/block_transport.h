#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mra {

/// Moves salient blocks of a picture under the shown places (Puzzle Mix). Both vectors are
/// [side, side], `side` ≥ 2. Gives the block that each place takes, −1 for none; no block is taken
/// twice.
///
/// A block wants the place of least cost: `shift_cost` times the squared distance, the grid being 1
/// wide, less its own saliency where the place is shown. Of those that want one place the best
/// wins, if it gains anything; the others are charged 1 for it. This goes on for `side` rounds,
/// of which the last counts.
std::vector<int64_t> transport_blocks(const std::vector<double>& saliency,
                                      const std::vector<bool>& shown, int side, double shift_cost);

}  // namespace mra
