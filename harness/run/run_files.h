#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/run_directory.h"

namespace mra {

/// Whose folder it is, from its path.
RunId id_of(const RunDirectory& directory);

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

/// Gives the folder another name, "<its name>.old-20260102T030405Z", under which nothing looks for
/// it.
std::filesystem::path move_aside(const RunDirectory& directory);

}  // namespace mra
