#pragma once

#include <cstdint>

#include "harness/cli/context.h"

namespace mra {

/// Fills a database in a temporary folder with `runs` made-up runs, in batches, and starts this
/// program on it for `list all`, `plan all` and `report all`: prints records a second, and time and
/// memory of each command. Nothing stays behind. 75 when the user stopped it.
int bench_store(const Context& context, int64_t runs);

}  // namespace mra
