#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mra {

/// What a worker is told in addition to the spec in its run directory: where things are on this
/// machine, and what it may use. Nothing here can change a result, but for the last bits with
/// `determinism` "fast".
struct ExecuteOptions {
  std::filesystem::path directory;  ///< of the run; spec.json is in it
  std::string device = "auto";
  int threads = 0;  ///< for tensor operations; 0: one per core
  int loader_threads = 1;
  std::string determinism = "strict";  ///< strict: equal inputs give equal bits; fast: no promise
  std::vector<std::filesystem::path> data_dirs;
  int64_t until_step = 0;  ///< stop, resumable, after this many steps in all; 0: at the end
  std::map<std::string, std::filesystem::path> inputs;  ///< key of a needed run -> its weights
};

/// Runs to the end, or until `stop`, and writes the record. Returns the exit code: 0 finished, 75
/// stopped and resumable, otherwise that of the error, which is also in the journal.
int execute(const ExecuteOptions& options, const std::atomic<bool>& stop);

}  // namespace mra
