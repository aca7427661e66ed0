#pragma once

#include "harness/spec/json.h"

namespace mra {

/// Times augmentations on one thread. Returns {"size_px", "operations": [options of a pil_op and
/// its "us" per picture], "methods": [{"name", "us"} per picture], "batch_methods": [{"name", "ms"}
/// for 128 pictures of 64 px]}. `size_px`: picture size for the first two.
Json augment_times(int size_px);

}  // namespace mra
