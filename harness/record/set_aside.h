#pragma once

#include <filesystem>

namespace mra {

/// "<path>.damaged", with a number at the end when that name is taken.
std::filesystem::path name_aside(const std::filesystem::path& path);

/// Renames a damaged file or folder to name_aside() and returns the new path, so that nothing
/// damaged is deleted or overwritten. An Error of kind kEnvironment when it cannot be renamed.
std::filesystem::path set_aside(const std::filesystem::path& path);

}  // namespace mra
