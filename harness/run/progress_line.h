#pragma once

#include <optional>
#include <string_view>

#include "harness/base/progress.h"

namespace mra {

/// Parses a line of a worker's output; nothing when it is no progress line. A field that is not a
/// number, or out of range for any run, is left at its default.
std::optional<ProgressUpdate> parse_progress(std::string_view line);

}  // namespace mra
