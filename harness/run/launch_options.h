#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/inputs.h"

namespace mra {

/// How runs are executed on this machine. No option changes a result; `determinism` "fast" may
/// change its last bits.
struct LaunchOptions {
  std::filesystem::path workspace;
  std::filesystem::path worker;  ///< find_worker()
  std::string device = "auto";   ///< auto, cpu, cuda, cuda:N, cuda:N,M
  int jobs = 1;                  ///< workers at a time
  /// Threads of tensor operations, per worker. 0: the recipe's number, else cores / jobs.
  int threads = 0;
  int loader_threads = 1;              ///< that read pictures, per worker
  std::string determinism = "strict";  ///< strict: equal inputs give equal bits; fast: no promise
  std::vector<std::filesystem::path> data_dirs;
  /// Returns the present contents of input files; empty: contents are not compared with results.
  std::function<std::shared_ptr<const Inputs>()> present_inputs;
  std::optional<double> time_limit_s;
  double poll_s = 0.2;  ///< between looks at signals and other processes
  int64_t min_free_bytes = int64_t{256} * 1 << 20;  ///< free disk space needed to start a run
};

}  // namespace mra
