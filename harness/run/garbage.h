#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mra {

/// A file or folder of a workspace that nothing refers to.
struct Garbage {
  std::filesystem::path path;
  int64_t bytes = 0;  ///< of all files in it
  std::string why;    ///< "moved aside by --fresh"
};

/// What can go: temporary files of programs that ended, runs moved aside by --fresh, damaged files
/// that were set aside, checkpoints of finished runs, and copies of the database in older formats.
/// Nothing in the folder of a run that somebody works on, nor what the program did not name itself.
std::vector<Garbage> garbage(const std::filesystem::path& workspace);

/// Deletes it. An Error of kind kEnvironment names what cannot be deleted.
void remove(const Garbage& garbage);

}  // namespace mra
