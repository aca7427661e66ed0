#pragma once

#include <vector>

#include "harness/data/named_op.h"

namespace mra {

/// Draws the operations for one picture: `count` of them and a cutout.
std::vector<NamedOp> draw_randaugment_fixmatch(int64_t count, int height_px, int width_px,
                                               Rng& rng);

}  // namespace mra
