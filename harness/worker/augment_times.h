#pragma once

#include "harness/spec/json.h"

namespace mra {

/// How long augmentations take on one thread: {"size_px", "operations": [a pil_op's options and
/// "us", of one picture], "methods": [{"name", "us"}, of one picture], "batch_methods": [{"name",
/// "ms"}, of 128 pictures of 64 px]}. `size_px`: of the pictures of the first two.
Json augment_times(int size_px);

}  // namespace mra
