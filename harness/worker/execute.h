#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mra {

/// What a worker is told beside the spec in its run directory: where things are on this machine.
/// None of it can change a result.
struct ExecuteOptions {
  std::filesystem::path directory;  ///< of the run; spec.json is in it
  std::string device = "auto";
  int threads = 0;  ///< of tensor operations; 0: one a core
  int loader_threads = 1;
  std::vector<std::filesystem::path> data_dirs;
  int64_t until_step = 0;  ///< stop, resumable, after so many steps in all; 0: at the end
  std::map<std::string, std::filesystem::path> inputs;  ///< key of a needed run -> its weights
};

/// Executes one run to its record, or until `stop`. Gives the exit code: 0 done, 75 stopped and
/// resumable, else the kind of the error, which stands in the journal too.
int execute(const ExecuteOptions& options, const std::atomic<bool>& stop);

}  // namespace mra
