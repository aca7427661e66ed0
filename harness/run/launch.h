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
  std::vector<ExecutedRun> executed;  ///< in the order they ended, without runs never started
  bool stopped = false;               ///< by a signal or the time limit; the rest can be resumed
};

/// The exit code of the command: 75 when stopped, else the first failure's, else 0.
int exit_code(const LaunchResult& result);

/// Receives what happens while runs are executed, to show it. This base class ignores everything.
class LaunchObserver {
 public:
  virtual ~LaunchObserver() = default;
  /// `number`: the run's place in the plan, 1 … `count`.
  virtual void run_started(const PlannedRun&, size_t /*number*/, size_t /*count*/) {}
  virtual void progress(const PlannedRun&, size_t /*number*/, size_t /*count*/,
                        const ProgressUpdate&) {}
  virtual void run_waiting(const PlannedRun&) {}  ///< another process executes it
  virtual void run_ended(const PlannedRun&, const ExecutedRun&) {}
  virtual void stopping(const std::string& /*why*/) {}  ///< workers were asked to end
  virtual void note(const std::string& /*message*/) {}  ///< a warning
};

/// Executes the runs of a plan, each in a worker of its own, and puts their records into `store`.
/// Waits for runs that another process executes. When a run fails, only those that depend on it are
/// skipped.
/// `stop`: 0 go on, 1 let workers write their checkpoints and end, 2 kill them.
LaunchResult launch(const std::vector<PlannedRun>& runs, ResultStore& store,
                    const LaunchOptions& options, const std::atomic<int>& stop,
                    LaunchObserver& observer);
/// The same with `executor` in place of a LocalExecutor.
LaunchResult launch(const std::vector<PlannedRun>& runs, ResultStore& store,
                    const LaunchOptions& options, const std::atomic<int>& stop,
                    LaunchObserver& observer, Executor& executor);

}  // namespace mra
