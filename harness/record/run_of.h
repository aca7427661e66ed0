#pragma once

#include <filesystem>
#include <optional>

#include "harness/record/run_directory.h"

namespace mra {

/// The run of the folder `directory`, from its path (RunDirectory::path_of()); nothing for other
/// folders, such as a run moved aside.
std::optional<RunId> run_of(const std::filesystem::path& directory);

}  // namespace mra
