#pragma once

#include <filesystem>
#include <string>

#include "harness/record/run_directory.h"
#include "harness/spec/json.h"
#include "harness/store/result_store.h"

namespace mra {

/// The one run of a workspace whose name, KEY-sSEED, begins with `prefix`, as git abbreviates
/// commits: among the run directories and the runs of the database, whose directory may be gone.
RunId find_run(const std::filesystem::path& workspace, const ResultStore& store,
               const std::string& prefix);

/// {"key", "seed", "state", "reason", "directory", "files", …}: all that is known of a run. When it
/// is done the fields of its record, else what its directory tells of spec and environment.
Json run_facts(const std::filesystem::path& workspace, const ResultStore& store, const RunId& id);

/// {"train_loss": {"first": [epoch, value], "last": […], "points": 16}, …}; empty curves left out.
Json curve_ends(const Json& curves);

}  // namespace mra
