#pragma once

#include <optional>

#include "harness/record/run_directory.h"

namespace mra {

/// Whether somebody works on the run. Only asks the kernel: nobody who takes the lock at the same
/// moment notices, and nothing is written.
bool is_locked(const RunDirectory& directory);

}  // namespace mra
