#pragma once

#include <filesystem>
#include <vector>

namespace mra {

/// Writes an example of a user's own experiments into `folder`: experiments/ with a data set, a
/// recipe and a table, and my_pictures/ with drawn shapes. Returns what was written. An Error of
/// kind kUsage when one of the two folders is there already.
std::vector<std::filesystem::path> write_example(const std::filesystem::path& folder);

}  // namespace mra
