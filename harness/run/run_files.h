#pragma once

#include <string>
#include <vector>

#include "harness/run/launch.h"

namespace mra {

/// Whose folder it is, from its path.
RunId id_of(const RunDirectory& directory);

/// Writes spec.json, what the worker reads.
void write_spec(const RunDirectory& directory, const PlannedRun& run);

/// The command line of the worker of a run. The weights it starts from are compared with their
/// records: absent or changed ones are an Error of kind kIntegrity.
std::vector<std::string> worker_arguments(const RunDirectory& directory, const PlannedRun& run,
                                          const ResultStore& store, const LaunchOptions& options);

/// An Error of kind kEnvironment when the disk of `workspace` has less than `min_free_bytes` left.
void check_free_space(const std::filesystem::path& workspace, int64_t min_free_bytes);

/// Gives the folder another name, "<its name>.old-20260102T030405Z", under which nothing looks for
/// it.
std::filesystem::path move_aside(const RunDirectory& directory);

}  // namespace mra
