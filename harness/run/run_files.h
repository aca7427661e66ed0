#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/run_directory.h"
#include "harness/spec/inputs.h"

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

/// The contents (spec/inputs.h) that what lies in the folder rests on: a record, or an attempt.
Json inputs_in(const RunDirectory& directory);

/// Gives a folder whose run rests on other contents than those that are here now another name,
/// "<its name>.inputs-0123abcd", under which it is kept.
std::filesystem::path keep_beside(const RunDirectory& directory);

/// Keeps a record of other contents in such a folder, when nothing but the database has it.
void keep_record_beside(const RunDirectory& directory, const RunRecord& record);

/// Gives a kept folder whose record rests on the present contents its name back. False when there
/// is none.
bool take_back(const RunDirectory& directory, const Inputs& present);

/// Gives the folder another name, "<its name>.old-20260102T030405Z", under which nothing looks for
/// it.
std::filesystem::path move_aside(const RunDirectory& directory);

}  // namespace mra
