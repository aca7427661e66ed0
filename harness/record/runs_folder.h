#pragma once

#include <filesystem>

namespace mra {

/// Returns the folder with the run directories of a workspace: runs/, or the target of a symbolic
/// link with this name.
std::filesystem::path runs_folder(const std::filesystem::path& workspace);

/// Throws an Error of kind kEnvironment when runs/ is a link whose target is absent.
void check_runs_folder(const std::filesystem::path& workspace);

/// Moves the place for the runs of `workspace` to `folder`: creates it if it is absent, and links
/// runs/ to it. Throws an Error of kind kUsage when the workspace already has runs elsewhere.
void keep_runs_in(const std::filesystem::path& folder, const std::filesystem::path& workspace);

}  // namespace mra
