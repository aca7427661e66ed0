#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mra {

/// A MAT file of MATLAB, version 5: the fields of a struct array, one row for each element, numbers
/// as decimal text.
using MatRows = std::vector<std::vector<std::string>>;

/// Reads it with the program harness-mat, which may take a second and 100 MiB. A damaged file, one
/// of version 7.3, or one without these fields is an Error of kind kIntegrity; when harness-mat
/// does not start, it is of kind kEnvironment.
MatRows read_mat_structs(const std::filesystem::path& path, const std::string& variable,
                         const std::vector<std::string>& fields);

}  // namespace mra
