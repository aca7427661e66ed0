#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/run_directory.h"
#include "harness/spec/inputs.h"

namespace mra {

/// The run of a run directory, from its path.
RunId id_of(const RunDirectory& directory);

/// The run named in the start events of `journal` (or a trace), if it is not `id`; else empty.
std::string told_by_another(const std::filesystem::path& journal, const RunId& id);

/// Renames what would block the run: a folder where a file belongs or the reverse, and the journal
/// or trace of another run. Returns a message for each, with its new name.
std::vector<std::string> clear_the_way(const RunDirectory& directory, const RunId& id);

/// The record of run `id` in its folder; nothing when it is absent. A damaged one, or one of
/// another run, is set aside. Calls `note` with a message for it and for each damaged judgement.
std::optional<RunRecord> whole_record(const RunDirectory& directory, const RunId& id,
                                      const std::function<void(const std::string&)>& note);

/// The input contents (spec/inputs.h) used by the folder's record, or else by its latest attempt.
Json inputs_in(const RunDirectory& directory);

/// Renames a folder whose run used other input contents than the present ones to
/// "<its name>.inputs-0123abcd" and returns the new path.
std::filesystem::path keep_beside(const RunDirectory& directory);

/// Writes such a record, when only the database has it, into a folder named in the same way.
void keep_record_beside(const RunDirectory& directory, const RunRecord& record);

/// Renames a kept folder whose record used the present contents back. False when there is none, or
/// when another process has made the folder meanwhile.
bool take_back(const RunDirectory& directory, const Inputs& present);

/// Renames the folder to "<its name>.old-20260102T030405Z", which no command reads, and returns the
/// new path.
std::filesystem::path move_aside(const RunDirectory& directory);

}  // namespace mra
