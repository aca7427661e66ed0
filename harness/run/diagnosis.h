#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/spec/experiment_folders.h"

namespace mra {

/// One thing looked at. `cure` says what to do when the state is not "ok".
struct Finding {
  std::string name;
  std::string state;  ///< ok, note (something cannot be used), problem (runs will fail)
  std::string found;
  std::string cure;
};

/// Whether this machine can run experiments: memory, disk, the worker, data sets, the database.
std::vector<Finding> examine(const std::filesystem::path& workspace,
                             const ExperimentFolders& experiments,
                             const std::vector<std::filesystem::path>& data_dirs);

}  // namespace mra
