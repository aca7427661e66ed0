#pragma once

#include <filesystem>

namespace mra {

/// Where a workspace keeps its run directories: its folder runs/, or the folder that a symbolic
/// link of this name leads to.
std::filesystem::path runs_folder(const std::filesystem::path& workspace);

/// An Error of kind kEnvironment when the runs are kept in another folder and that is not there.
void check_runs_folder(const std::filesystem::path& workspace);

/// Keeps the runs of `workspace` in `folder`, from now on: makes the folder if it is absent and
/// links runs/ to it. An Error of kind kUsage when runs lie elsewhere already: they are never left
/// behind.
void keep_runs_in(const std::filesystem::path& folder, const std::filesystem::path& workspace);

}  // namespace mra
