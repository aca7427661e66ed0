#pragma once

#include <filesystem>
#include <optional>

#include "harness/record/run_directory.h"

namespace mra {

/// The run whose RunDirectory::path_of() this folder is; nothing for one of another name, as that
/// of a run moved aside.
std::optional<RunId> run_of(const std::filesystem::path& directory);

}  // namespace mra
