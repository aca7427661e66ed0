#pragma once

#include <filesystem>

namespace mra {

/// The folder with the run directories of a workspace: runs/, or the target of a symbolic link of
/// this name.
std::filesystem::path runs_folder(const std::filesystem::path& workspace);

/// An Error of kind kEnvironment when runs/ is a link whose target is absent.
void check_runs_folder(const std::filesystem::path& workspace);

/// From now on keeps the runs of `workspace` in `folder`: makes it if it is absent and links runs/
/// to it. An Error of kind kUsage when the workspace has runs elsewhere already.
void keep_runs_in(const std::filesystem::path& folder, const std::filesystem::path& workspace);

}  // namespace mra
