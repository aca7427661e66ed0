#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "harness/base/progress.h"
#include "harness/run/executor.h"
#include "harness/run/launch_options.h"
#include "harness/run/outcome.h"
#include "harness/run/plan.h"
#include "harness/store/result_store.h"

namespace mra {

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
/// The same with workers of `executor`; those of this machine else.
LaunchResult launch(const std::vector<PlannedRun>& runs, ResultStore& store,
                    const LaunchOptions& options, const std::atomic<int>& stop,
                    LaunchObserver& observer, Executor& executor);

}  // namespace mra
