#pragma once

#include <optional>

#include "harness/record/run_directory.h"

namespace mra {

/// Whether a process holds the lock of the run. It takes no lock and writes nothing, so it cannot
/// disturb a process that takes the lock at the same moment.
bool is_locked(const RunDirectory& directory);

}  // namespace mra
