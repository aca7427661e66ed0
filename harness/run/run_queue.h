#pragma once

#include <map>
#include <optional>
#include <vector>

#include "harness/base/stopwatch.h"
#include "harness/record/run_lock.h"
#include "harness/run/executor.h"
#include "harness/run/outcome.h"
#include "harness/run/plan.h"

namespace mra {

/// A worker that executes a run now.
struct Attempt {
  Executor::JobId job = 0;
  RunDirectory directory;
  RunLock lock;  ///< released after the worker's end is recorded
  AttemptStart start;
  size_t device = 0;  ///< its index in the pool
  Stopwatch watch;
};

enum class Phase { kWaiting, kActive, kEnded };

/// A run of the plan and its progress.
struct QueuedRun {
  const PlannedRun& planned;
  size_t number;  ///< its place in the plan, from 1
  Phase phase = Phase::kWaiting;
  std::optional<Attempt> attempt = std::nullopt;  ///< while active
  bool done = false;                              ///< it has a result
  bool another_was_at_it = false;                 ///< another process has held its lock
  bool begun = false;                             ///< this command has started it
  bool next_try_alone = false;

  bool alone() const { return planned.alone() || next_try_alone; }
};

/// The runs of a plan, in its order: which of them can start now.
class RunQueue {
 public:
  /// `plan` must outlive it.
  explicit RunQueue(const std::vector<PlannedRun>& plan);

  size_t size() const { return runs_.size(); }
  auto begin() { return runs_.begin(); }
  auto end() { return runs_.end(); }
  int64_t count(Phase phase) const;
  bool all_done() const;

  /// Whether `next` must wait, because it or an active run may not share the machine.
  bool disturbs(const QueuedRun& next) const;

  /// Returns the first run of the plan that `run` needs and that has no result, or null.
  const QueuedRun* lacking(const QueuedRun& run) const;

 private:
  std::map<RunId, size_t> places_;  ///< in `runs_`, of those that train
  std::vector<QueuedRun> runs_;
};

}  // namespace mra
