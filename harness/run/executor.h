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
  std::vector<std::string> arguments;  ///< the program and what it is told
  std::filesystem::path log;           ///< its stderr is appended here
  int lock_descriptor = -1;            ///< the lock of its run, to be held until it ends
  std::string visible_gpus;            ///< its CUDA_VISIBLE_DEVICES; empty: that of this program
};

/// What is known of a worker.
struct JobState {
  std::optional<ProgressUpdate> progress;  ///< the latest that was told since the last question
  std::optional<int> status;               ///< once it has ended: as of waitpid()
};

/// Where workers are executed. The launcher decides what runs when; an executor only does it.
class Executor {
 public:
  using JobId = int64_t;

  virtual ~Executor() = default;
  /// Starts a worker. An Error of kind kEnvironment when that is not possible.
  virtual JobId submit(const WorkerJob& job) = 0;
  /// The state of a job whose end has not been told yet. Once it was, the job is forgotten.
  virtual JobState ask(JobId id) = 0;
  /// Asks the worker to write its checkpoint and end (SIGTERM), or ends it (SIGKILL).
  virtual void cancel(JobId id, bool at_once) = 0;
  /// Returns when a job may have something new to tell, a signal came, or `longest_s` have passed.
  virtual void wait(double longest_s) = 0;
};

}  // namespace mra
