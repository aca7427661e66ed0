#pragma once

#include <filesystem>
#include <string>

#include "harness/spec/json.h"

namespace mra {

/// Parses a JSON file; comments and duplicate keys are refused. Errors name file, line and column.
Json read_json_file(const std::filesystem::path& path);

/// The spec `<root>/<name>.json` with its "extends" chain merged in (RFC 7386: objects merge,
/// everything else replaces, null removes). A cycle is an Error that shows its way.
Json read_inherited(const std::filesystem::path& root, const std::string& name);

}  // namespace mra
