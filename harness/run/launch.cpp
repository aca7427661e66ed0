#include "harness/run/launch.h"

#include <utility>

#include <fmt/format.h>

#include "harness/base/disk.h"
#include "harness/base/stopwatch.h"
#include "harness/run/device_pool.h"
#include "harness/run/held_folder.h"
#include "harness/run/local_executor.h"
#include "harness/run/retry.h"
#include "harness/run/run_files.h"
#include "harness/run/run_queue.h"
#include "harness/run/worker_job.h"

namespace mra {

int exit_code(const LaunchResult& result) {
  if (result.stopped) return exit_code(ErrorKind::kStopped);
  for (const ExecutedRun& run : result.executed)
    if (run.outcome == Outcome::kFailed || run.outcome == Outcome::kDied)
      return exit_code(run.kind);
  return 0;
}

namespace {

class Launcher {
 public:
  Launcher(const std::vector<PlannedRun>& runs, ResultStore& store, const LaunchOptions& options,
           const std::atomic<int>& stop, LaunchObserver& observer, Executor& executor)
      : options_(options),
        stop_(stop),
        observer_(observer),
        executor_(executor),
        devices_(options.device, visible_gpus()),
        parts_{store, options, [&observer](const std::string& text) { observer.note(text); }},
        runs_(runs) {}

  LaunchResult run() {
    try {
      while (!finished()) {
        obey_stop();
        if (!result_.stopped) start_what_can_be();
        watch_workers();
      }
    } catch (...) {
      // An error of one run must not lose the others: they write their checkpoints first.
      end_all_workers();
      throw;
    }
    if (runs_.all_done()) result_.stopped = false;
    return std::move(result_);
  }

 private:
  bool finished() const {
    return runs_.count(Phase::kActive) == 0 &&
           (result_.stopped || runs_.count(Phase::kWaiting) == 0);
  }

  void cancel_all(bool at_once) {
    for (const QueuedRun& run : runs_)
      if (run.attempt) executor_.cancel(run.attempt->job, at_once);
  }

  void obey_stop() {
    const bool late = options_.time_limit_s && watch_.elapsed_s() >= *options_.time_limit_s;
    if (!result_.stopped && (late || stop_ >= 1)) {
      result_.stopped = true;
      observer_.stopping(stop_ >= 1 ? "asked to stop" : "the time limit is reached");
      cancel_all(/*at_once=*/false);
    }
    if (stop_ >= 2) cancel_all(/*at_once=*/true);
  }

  void start_what_can_be() {
    for (QueuedRun& run : runs_) {
      if (runs_.count(Phase::kActive) >= options_.jobs) return;
      if (run.phase == Phase::kWaiting && stop_ == 0 && !runs_.disturbs(run)) consider(run);
    }
  }

  void consider(QueuedRun& run) {
    if (const QueuedRun* needed = runs_.lacking(run)) {
      if (needed->phase == Phase::kEnded)
        end(run, ended(Outcome::kSkipped, 0,
                       fmt::format("it needs {} ({}), which is not done",
                                   needed->planned.experiment.name, text(needed->planned.id))));
      return;
    }
    HeldFolder folder(run.planned, parts_);
    if (!folder.locked()) {
      if (!std::exchange(run.another_was_at_it, true)) observer_.run_waiting(run.planned);
      return;
    }
    try {
      folder.clear_the_way();
      settle_or_start(run, folder);
    } catch (const Error& error) {
      // A problem of the machine would stop every run; a damaged input stops this run only.
      if (error.kind == ErrorKind::kEnvironment) throw;
      ExecutedRun failed = ended(Outcome::kFailed, 0, error.where + ": " + error.what_happened);
      failed.cure = error.cure;
      failed.kind = error.kind;
      end(run, failed);
    }
  }

  void settle_or_start(QueuedRun& run, HeldFolder& folder) {
    folder.leave_other_inputs();
    if (folder.locked() && run.planned.redo && !run.another_was_at_it && !run.begun) {
      folder.leave_result();
      if (folder.locked()) return start(run, folder);
    }
    if (!folder.locked()) {
      run.another_was_at_it = true;
      return;
    }
    if (auto executed = folder.ended_before(run.another_was_at_it && !run.begun)) {
      executed->by_another_process = true;
      return end(run, std::move(*executed));
    }
    start(run, folder);
  }

  void start(QueuedRun& run, HeldFolder& folder) {
    const RunDirectory& directory = folder.directory();
    check_room(directory.path(), options_.min_free_bytes, "a run");
    const size_t place = devices_.take();
    const DevicePool::Device& device = devices_.at(place);
    WorkerJob job;
    try {
      job.arguments = worker_arguments(directory, run.planned, parts_.store, options_, device.name);
      // Always written anew: an existing file may be damaged.
      write_spec(directory, run.planned, inputs_of_start(run.planned));
      job.log = directory.log_file();
      job.lock_descriptor = folder.lock().descriptor();
      job.visible_gpus = device.visible_gpus;
      const AttemptStart attempt = attempt_start(directory);
      const std::string before = failed_before_text(failure_history(directory));
      if (!std::exchange(run.begun, true) && !before.empty()) tell(run, before);
      run.attempt.emplace(Attempt{executor_.submit(job), directory, std::move(folder.lock()),
                                  attempt, place, Stopwatch()});
    } catch (...) {
      devices_.give_back(place);
      throw;
    }
    run.phase = Phase::kActive;
    observer_.run_started(run.planned, run.number, runs_.size());
  }

  Json inputs_of_start(const PlannedRun& planned) const {
    return options_.present_inputs ? known_inputs(planned, parts_.store, *options_.present_inputs())
                                   : Json::array();
  }

  /// Waits until a worker reports progress or ends, a signal comes, or `poll_s` have passed.
  void watch_workers() {
    if (!finished()) executor_.wait(options_.poll_s);
    for (QueuedRun& run : runs_) {
      if (!run.attempt) continue;
      const JobState state = executor_.ask(run.attempt->job);
      if (state.progress)
        observer_.progress(run.planned, run.number, runs_.size(), *state.progress);
      if (!state.status) continue;
      const Attempt attempt = std::move(*run.attempt);
      run.attempt.reset();
      run.phase = Phase::kEnded;  // unless it is tried again
      devices_.give_back(attempt.device);
      finish(run, attempt, *state.status);
    }
  }

  /// Called with the lock held, so that no other process takes the run before its end is recorded.
  void finish(QueuedRun& run, const Attempt& attempt, int status) {
    // A worker may be killed after it wrote its record; the record is valid nevertheless.
    const PlannedRun& planned = run.planned;
    if (const auto record = whole_record(attempt.directory, planned.id, parts_.note)) {
      ingest(*record, parts_);  // with those judgements that have been written
      const double wall_s = planned.trains() ? record->wall_s : attempt.watch.elapsed_s();
      if (is_done(planned, *record)) return end(run, ended(Outcome::kDone, wall_s));
    }
    ExecutedRun executed = explain_end(attempt.directory, status, attempt.start);
    executed.wall_s = attempt.watch.elapsed_s();
    const bool died = executed.outcome == Outcome::kDied;
    if (died && stop_ >= 2)
      executed =
          ended(Outcome::kInterrupted, executed.wall_s, "killed on the second request to stop");
    if (died) write_death(attempt.directory, executed);
    if (executed.cause && tries_again(run, attempt, executed)) return;
    // Not asked by us: someone else sent the worker SIGTERM, and wants this command to stop too.
    if (executed.outcome == Outcome::kInterrupted) result_.stopped = true;
    end(run, std::move(executed));
  }

  /// Queues a failed run for another try; false when the cause of its failure does not allow one.
  bool tries_again(QueuedRun& run, const Attempt& attempt, ExecutedRun& executed) {
    give_advice(executed);
    const FailureHistory history = failure_history(attempt.directory);
    if (result_.stopped || history.last_cause != executed.cause || !is_retried(history))
      return false;
    tell(run, retry_text(history, executed.reason));
    run.phase = Phase::kWaiting;
    run.next_try_alone = retry_rule(*executed.cause).alone;
    return true;
  }

  void tell(const QueuedRun& run, const std::string& what) {
    parts_.note(run.planned.experiment.name + ": " + what);
  }

  void end(QueuedRun& run, ExecutedRun executed) {
    executed.id = run.planned.id;
    executed.experiment = run.planned.experiment.name;
    executed.judged = !run.planned.trains();
    run.phase = Phase::kEnded;
    run.done = executed.outcome == Outcome::kDone;
    observer_.run_ended(run.planned, executed);
    result_.executed.push_back(std::move(executed));
  }

  void end_all_workers() {
    result_.stopped = true;  // nothing is tried again
    cancel_all(/*at_once=*/false);
    while (runs_.count(Phase::kActive) > 0 && stop_ < 2) {
      try {
        watch_workers();
      } catch (const std::exception&) {
        break;  // the caller reports the first error
      }
    }
    cancel_all(/*at_once=*/true);
  }

  const LaunchOptions& options_;
  const std::atomic<int>& stop_;
  LaunchObserver& observer_;
  Executor& executor_;
  DevicePool devices_;
  const LaunchParts parts_;
  Stopwatch watch_;
  RunQueue runs_;
  LaunchResult result_;
};

}  // namespace

LaunchResult launch(const std::vector<PlannedRun>& runs, ResultStore& store,
                    const LaunchOptions& options, const std::atomic<int>& stop,
                    LaunchObserver& observer, Executor& executor) {
  return Launcher(runs, store, options, stop, observer, executor).run();
}

LaunchResult launch(const std::vector<PlannedRun>& runs, ResultStore& store,
                    const LaunchOptions& options, const std::atomic<int>& stop,
                    LaunchObserver& observer) {
  LocalExecutor workers;
  return launch(runs, store, options, stop, observer, workers);
}

}  // namespace mra
