#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mra {

/// The fields of a struct array in a MAT file (version 5): one row per element, numbers as decimal
/// text.
using MatRows = std::vector<std::vector<std::string>>;

/// Reads a MAT file with the program harness-mat, which can take a second and 100 MiB. Throws an
/// Error of kind kIntegrity for a damaged file, for version 7.3 and for missing fields, and an
/// Error of kind kEnvironment when harness-mat cannot be started.
MatRows read_mat_structs(const std::filesystem::path& path, const std::string& variable,
                         const std::vector<std::string>& fields);

}  // namespace mra
