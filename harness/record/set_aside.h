#pragma once

#include <filesystem>

namespace mra {

/// "<path>.damaged", or with a number behind it where that name is taken.
std::filesystem::path name_aside(const std::filesystem::path& path);

/// Gives what is damaged, a file or a folder, the name name_aside(), which it returns: nothing that
/// is found damaged is deleted or written over.
std::filesystem::path set_aside(const std::filesystem::path& path);

}  // namespace mra
