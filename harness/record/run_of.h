#pragma once

#include <filesystem>
#include <optional>

#include "harness/record/run_directory.h"

namespace mra {

/// Returns the run that belongs to the path `directory` (RunDirectory::path_of()); nothing for
/// other folders, such as a run that was moved aside.
std::optional<RunId> run_of(const std::filesystem::path& directory);

}  // namespace mra
