#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "harness/spec/experiment.h"

namespace mra {

// What the commands that draw pictures of the user's own share.

/// Each of `pictures` must be a file, and `output` the name of a PNG; else an Error that names it.
void check_pictures(const std::vector<std::filesystem::path>& pictures,
                    const std::filesystem::path& output);

/// Weights that a finished run of the experiment left in the workspace, of its first seed that has
/// some; nothing when there are none.
std::optional<std::filesystem::path> recorded_weights(const Context& context,
                                                      const ExperimentSpec& experiment);

}  // namespace mra
