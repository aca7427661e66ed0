#pragma once

#include <filesystem>
#include <string>

#include "harness/record/run_directory.h"
#include "harness/spec/json.h"
#include "harness/store/result_store.h"

namespace mra {

/// All runs of a workspace, sorted: those with a run directory and those in the database, whose
/// directory may be gone.
std::vector<RunId> known_runs(const std::filesystem::path& workspace, const ResultStore& store);

/// The only run of a workspace whose name, KEY-sSEED, begins with `prefix`, among the run
/// directories and the runs in the database. An Error of kind kUsage when there is none or several.
RunId find_run(const std::filesystem::path& workspace, const ResultStore& store,
               const std::string& prefix);

/// {"key", "seed", "state", "reason", "directory", "files", …}: all that is known of a run. If
/// it is done, with the fields of its record, else with the spec and environment in its directory
/// and "progress": {"epoch", "epochs", "loss", "images_per_s", "left_s"} after the last whole
/// epoch, where "left_s" is null until this attempt has done two.
Json run_facts(const std::filesystem::path& workspace, const ResultStore& store, const RunId& id);

/// What differs between two runs, each as run_facts() tells it: {"runs": […], "spec" and
/// "environment": [{"pointer", "left", "right"}], "metrics" and "cost": [{"name", "left", "right",
/// "difference"}]}. A side that lacks a pointer is left out of its entry.
Json comparison(const Json& left, const Json& right);

/// {"train_loss": {"first": [epoch, value], "last": […], "points": 16}, …}, without empty curves.
Json curve_ends(const Json& curves);

}  // namespace mra
