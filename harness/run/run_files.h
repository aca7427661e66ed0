#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/run/launch.h"

namespace mra {

/// Whose folder it is, from its path.
RunId id_of(const RunDirectory& directory);

/// Writes spec.json, what the worker reads.
void write_spec(const RunDirectory& directory, const PlannedRun& run);

/// The other run that `journal`, or a trace, in the folder of run `id` tells of; empty: none.
std::string told_by_another(const std::filesystem::path& journal, const RunId& id);

/// Sets aside what stands where a file of the run, or its folder of judgements, belongs and is of
/// another kind, for nothing could be written there, and the journal and trace of another run.
/// Returns what it was and what it is called now.
std::vector<std::string> clear_the_way(const RunDirectory& directory, const RunId& id);

/// The record in the folder of run `id`, if it is whole and of that run. A damaged one is set
/// aside; `note` is told of it, and of judgements that are left out.
std::optional<RunRecord> whole_record(const RunDirectory& directory, const RunId& id,
                                      const std::function<void(const std::string&)>& note);

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
