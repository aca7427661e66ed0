#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "harness/spec/experiment.h"

namespace mra {

// What the commands that draw pictures of the user's own share.

/// Each must be a file; else an Error that names it.
void check_pictures(const std::vector<std::filesystem::path>& pictures);

/// Weights that a finished run of the experiment left in the workspace, of its first seed that has
/// some; nothing when there are none.
std::optional<std::filesystem::path> recorded_weights(const Context& context,
                                                      const ExperimentSpec& experiment);

/// Lets harness-worker draw; gives what it printed. When it fails, its reason is on stderr and an
/// Error of its kind says that `where` could not be shown.
Json draw_with_worker(const std::vector<std::string>& words, const std::string& where);

}  // namespace mra
