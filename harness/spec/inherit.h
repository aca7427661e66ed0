#pragma once

#include <filesystem>
#include <string>

#include "harness/spec/experiment_folders.h"
#include "harness/spec/layered_spec.h"

namespace mra {

/// Parses a JSON file; comments and duplicate keys are refused. Errors name file, line and column.
Json read_json_file(const std::filesystem::path& path);

/// The spec `<name>.json` of one of the folders over those of its "extends" chain, the first of the
/// chain first. `from`: the place that names it, for the Error when there is no such spec. A cycle
/// is an Error that shows its way.
LayeredSpec read_inherited(const ExperimentFolders& folders, const std::string& name,
                           const std::string& from);

}  // namespace mra
