#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/progress.h"

namespace mra {

/// A worker to be started.
struct WorkerJob {
  std::vector<std::string> arguments;  ///< the program and its arguments
  std::filesystem::path log;           ///< its stderr is appended here
  int lock_descriptor = -1;            ///< the lock of its run, which it holds until it ends
  std::string visible_gpus;            ///< its CUDA_VISIBLE_DEVICES; empty: inherited
};

/// News of a worker.
struct JobState {
  std::optional<ProgressUpdate> progress;  ///< the latest since the last ask(), if any
  std::optional<int> status;               ///< once it has ended: its status as of waitpid()
};

/// Starts and watches workers. The launcher decides which run starts when.
class Executor {
 public:
  using JobId = int64_t;

  virtual ~Executor() = default;
  /// Starts a worker. An Error of kind kEnvironment when it cannot be started.
  virtual JobId submit(const WorkerJob& job) = 0;
  /// The news of a job. Once it has returned a status, the job is forgotten: `id` is invalid then.
  virtual JobState ask(JobId id) = 0;
  /// Asks the worker to write its checkpoint and end (SIGTERM), or kills it `at_once` (SIGKILL).
  virtual void cancel(JobId id, bool at_once) = 0;
  /// Returns when a job may have news, a signal has come, or `longest_s` seconds have passed.
  virtual void wait(double longest_s) = 0;
};

}  // namespace mra
