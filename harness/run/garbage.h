#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/record/run_directory.h"

namespace mra {

/// A file or folder of a workspace that nothing refers to.
struct Garbage {
  std::filesystem::path path;
  int64_t bytes = 0;  ///< of all files in it
  std::string why;    ///< "moved aside by --fresh"
};

/// The bytes of all files in a folder, or of one file; 0 when it is absent.
int64_t bytes_of(const std::filesystem::path& path);

/// What can be deleted: temporary files of programs that ended, runs moved aside by --fresh,
/// damaged files that were set aside, checkpoints of finished runs, and databases in older formats.
/// Locked run directories, and files with names that this program does not use, are left out.
std::vector<Garbage> garbage(const std::filesystem::path& workspace);

/// Deletes the file or folder. An Error of kind kEnvironment when it cannot be deleted.
void remove(const Garbage& garbage);

/// Takes a run out of the database, then deletes its folder. An Error of kind kUsage when somebody
/// works on the run.
void remove_run(const std::filesystem::path& workspace, const RunId& id);

}  // namespace mra
