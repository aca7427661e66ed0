#pragma once

#include <optional>
#include <string_view>

#include "harness/base/progress.h"

namespace mra {

/// What a worker tells in one line of its output; nothing when it is no such line. A number that is
/// none, or that no run can have, counts as not told.
std::optional<ProgressUpdate> parse_progress(std::string_view line);

}  // namespace mra
