#pragma once

#include <atomic>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/progress.h"
#include "harness/run/outcome.h"
#include "harness/run/plan.h"
#include "harness/store/result_store.h"

namespace mra {

/// How runs are executed on this machine; none of it changes a result.
struct LaunchOptions {
  std::filesystem::path workspace;
  std::filesystem::path worker;  ///< find_worker()
  std::string device = "auto";   ///< auto, cpu, cuda, cuda:n
  int jobs = 1;                  ///< workers at a time
  int threads = 0;               ///< of tensor operations, for each worker; 0: cores / jobs
  int loader_threads = 1;        ///< that read pictures, for each worker
  std::vector<std::filesystem::path> data_dirs;
  std::optional<double> time_limit_s;
  double poll_s = 0.2;  ///< between looks at signals and other processes
  int64_t min_free_bytes = int64_t{256} * 1 << 20;  ///< on the disk, before a run is started
};

struct LaunchResult {
  std::vector<ExecutedRun> executed;  ///< in the order they ended; runs never begun are not here
  bool stopped = false;               ///< by a signal or the time limit; the rest can be resumed
};

/// 75 when stopped, else the code of the first failure, else 0.
int exit_code(const LaunchResult& result);

/// What a person may want to see while runs go on. Silent unless derived from.
class LaunchObserver {
 public:
  virtual ~LaunchObserver() = default;
  /// `number`: 1 … `count`, its place in the plan.
  virtual void run_started(const PlannedRun&, size_t /*number*/, size_t /*count*/) {}
  virtual void progress(const PlannedRun&, size_t /*number*/, size_t /*count*/,
                        const ProgressUpdate&) {}
  virtual void run_waiting(const PlannedRun&) {}  ///< another process is at it
  virtual void run_ended(const PlannedRun&, const ExecutedRun&) {}
  virtual void stopping(const std::string& /*why*/) {}  ///< workers write their checkpoints
  virtual void note(const std::string& /*message*/) {}  ///< a warning
};

/// Executes the runs of a plan, each in a worker of its own, and puts their records into `store`.
/// Runs that another process works on are waited for. A failed run ends what depends on it alone.
/// `stop`: 0 go on, 1 let workers write their checkpoints and end, 2 kill them.
LaunchResult launch(const std::vector<PlannedRun>& runs, ResultStore& store,
                    const LaunchOptions& options, const std::atomic<int>& stop,
                    LaunchObserver& observer);

}  // namespace mra
