#pragma once

#include <filesystem>

namespace mra {

/// "<path>.damaged", or with a number behind it where that name is taken.
std::filesystem::path name_aside(const std::filesystem::path& path);

/// Renames a damaged file or folder to name_aside() and returns that name: damaged things are never
/// deleted or overwritten.
std::filesystem::path set_aside(const std::filesystem::path& path);

}  // namespace mra
