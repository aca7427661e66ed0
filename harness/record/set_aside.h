#pragma once

#include <filesystem>

namespace mra {

/// Returns "<path>.damaged", with a number at the end when that name is taken.
std::filesystem::path name_aside(const std::filesystem::path& path);

/// Renames a damaged file or folder to name_aside(), so that nothing is deleted or overwritten.
/// Returns the new path. Throws an Error of kind kEnvironment when it cannot be renamed.
std::filesystem::path set_aside(const std::filesystem::path& path);

}  // namespace mra
