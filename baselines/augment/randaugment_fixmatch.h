#pragma once

#include <vector>

#include "harness/data/named_op.h"

namespace mra {

/// What is to be done to one picture: `count` operations and a cutout.
std::vector<NamedOp> draw_randaugment_fixmatch(int64_t count, int height_px, int width_px,
                                               Rng& rng);

}  // namespace mra
