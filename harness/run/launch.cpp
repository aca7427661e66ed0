#include "harness/run/launch.h"

#include <algorithm>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "harness/base/disk.h"
#include "harness/base/stopwatch.h"
#include "harness/record/journal.h"
#include "harness/run/device_pool.h"
#include "harness/run/local_executor.h"
#include "harness/run/retry.h"
#include "harness/run/run_files.h"
#include "harness/run/worker_job.h"

namespace mra {

namespace fs = std::filesystem;

int exit_code(const LaunchResult& result) {
  if (result.stopped) return exit_code(ErrorKind::kStopped);
  for (const ExecutedRun& run : result.executed)
    if (run.outcome == Outcome::kFailed || run.outcome == Outcome::kDied)
      return exit_code(run.kind);
  return 0;
}

namespace {

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
struct Run {
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

class Launcher {
 public:
  Launcher(const std::vector<PlannedRun>& runs, ResultStore& store, const LaunchOptions& options,
           const std::atomic<int>& stop, LaunchObserver& observer, Executor& executor)
      : store_(store),
        options_(options),
        stop_(stop),
        observer_(observer),
        executor_(executor),
        devices_(options.device, visible_gpus()) {
    for (const PlannedRun& planned : runs) {
      if (planned.trains()) places_[planned.id] = runs_.size();
      runs_.push_back({planned, runs_.size() + 1});
    }
  }

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
    if (std::all_of(runs_.begin(), runs_.end(), [](const Run& run) { return run.done; }))
      result_.stopped = false;
    return std::move(result_);
  }

 private:
  int64_t count(Phase phase) const {
    return std::count_if(runs_.begin(), runs_.end(),
                         [&](const Run& run) { return run.phase == phase; });
  }

  bool finished() const {
    return count(Phase::kActive) == 0 && (result_.stopped || count(Phase::kWaiting) == 0);
  }

  void cancel_all(bool at_once) {
    for (const Run& run : runs_)
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
    for (Run& run : runs_) {
      if (count(Phase::kActive) >= options_.jobs) return;
      if (run.phase == Phase::kWaiting && stop_ == 0 && !disturbs(run)) consider(run);
    }
  }

  /// Whether `next` must wait, because it or an active run may not share the machine.
  bool disturbs(const Run& next) const {
    return std::any_of(runs_.begin(), runs_.end(), [&](const Run& run) {
      return run.phase == Phase::kActive && (run.alone() || next.alone());
    });
  }

  void consider(Run& run) {
    for (const RunId& id : run.planned.depends_on) {
      const auto place = places_.find(id);
      if (place == places_.end()) continue;
      const Run& needed = runs_[place->second];
      if (needed.phase != Phase::kEnded) return;
      if (!needed.done)
        return end(run, ended(Outcome::kSkipped, 0,
                              fmt::format("it needs {} ({}), which is not done",
                                          needed.planned.experiment.name, text(id))));
    }
    const RunDirectory directory(RunDirectory::path_of(options_.workspace, run.planned.id));
    auto lock = RunLock::try_take(directory);
    if (!lock && !std::exchange(run.another_was_at_it, true)) observer_.run_waiting(run.planned);
    if (!lock) return;
    try {
      for (const std::string& moved : clear_the_way(directory, run.planned.id)) note_(moved);
      if (leave_other_inputs(run, directory, lock)) return;
      if (!settle_without_worker(run, directory, lock)) start(run, directory, *lock);
    } catch (const Error& error) {
      // A problem of the machine would stop every run; a damaged input stops this run only.
      if (error.kind == ErrorKind::kEnvironment) throw;
      ExecutedRun failed = ended(Outcome::kFailed, 0, error.where + ": " + error.what_happened);
      failed.cure = error.cure;
      failed.kind = error.kind;
      end(run, failed);
    }
  }

  /// If the folder's result was measured with other contents of a file, renames the folder, and
  /// restores a folder renamed earlier that fits the present contents. True when another process
  /// has taken the run meanwhile.
  bool leave_other_inputs(Run& run, const RunDirectory& directory, std::optional<RunLock>& lock) {
    if (!options_.present_inputs || !run.planned.trains() || run.planned.redo) return false;
    const auto present = options_.present_inputs();
    store_.count_only_with(present);
    const RunId& id = run.planned.id;
    if (!store_.outdated(id).empty() && !fs::exists(directory.record_file()))
      keep_record_beside(directory, *store_.run(id));
    const std::string why = present->difference(inputs_in(directory));
    if (why.empty()) return false;
    note_(fmt::format("{}: {}; kept as {}", text(id), why,
                      keep_beside(directory).filename().string()));
    if (take_back(directory, *present))
      note_(text(id) + ": its earlier result with the current contents is used again");
    lock.reset();
    lock = RunLock::try_take(directory);
    if (!lock) run.another_was_at_it = true;
    return !lock;
  }

  /// Uses a record that is in the folder already: of another process, or of one killed before its
  /// record was in the database. False when the run has to be executed.
  bool settle_without_worker(Run& run, const RunDirectory& directory,
                             std::optional<RunLock>& lock) {
    const PlannedRun& planned = run.planned;
    if (planned.redo && !run.another_was_at_it && !run.begun) {
      note_(fmt::format("{}: moved to {}", text(planned.id), move_aside(directory).string()));
      store_.remove(planned.id);
      lock.reset();
      lock = RunLock::try_take(directory);
      if (!lock) run.another_was_at_it = true;
      return !lock;
    }
    if (const auto record = whole_record(directory, planned.id, note_);
        record && is_done(planned, *record)) {
      ingest(*record);
      end_by_another(run, ended(Outcome::kDone, record->wall_s));
      return true;
    }
    if (run.another_was_at_it && !run.begun && ended_with_failure(directory)) {
      end_by_another(run, ended(Outcome::kFailed, 0, directory.reason()));
      return true;
    }
    return false;
  }

  void ingest(const RunRecord& record) {
    if (store_.ingest(record) == Ingested::kConflict)
      observer_.note(text(RunId{record.key, record.seed}) +
                     ": the database holds another result of this run, and keeps that one");
  }

  void start(Run& run, const RunDirectory& directory, RunLock& lock) {
    check_room(directory.path(), options_.min_free_bytes, "a run");
    const size_t place = devices_.take();
    const DevicePool::Device& device = devices_.at(place);
    WorkerJob job;
    try {
      job.arguments = worker_arguments(directory, run.planned, store_, options_, device.name);
      // Always written anew: an existing file may be damaged.
      write_spec(directory, run.planned, inputs_of_start(run.planned));
      job.log = directory.log_file();
      job.lock_descriptor = lock.descriptor();
      job.visible_gpus = device.visible_gpus;
      const AttemptStart attempt = attempt_start(directory);
      const std::string before = failed_before_text(failure_history(directory));
      if (!std::exchange(run.begun, true) && !before.empty()) tell(run, before);
      run.attempt.emplace(
          Attempt{executor_.submit(job), directory, std::move(lock), attempt, place, Stopwatch()});
    } catch (...) {
      devices_.give_back(place);
      throw;
    }
    run.phase = Phase::kActive;
    observer_.run_started(run.planned, run.number, runs_.size());
  }

  Json inputs_of_start(const PlannedRun& planned) const {
    return options_.present_inputs ? known_inputs(planned, store_, *options_.present_inputs())
                                   : Json::array();
  }

  /// Waits until a worker reports progress or ends, a signal comes, or `poll_s` have passed.
  void watch_workers() {
    if (!finished()) executor_.wait(options_.poll_s);
    for (Run& run : runs_) {
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
  void finish(Run& run, const Attempt& attempt, int status) {
    // A worker may be killed after it wrote its record; the record is valid nevertheless.
    const PlannedRun& planned = run.planned;
    if (const auto record = whole_record(attempt.directory, planned.id, note_)) {
      ingest(*record);  // with those judgements that have been written
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
  bool tries_again(Run& run, const Attempt& attempt, ExecutedRun& executed) {
    give_advice(executed);
    const FailureHistory history = failure_history(attempt.directory);
    if (result_.stopped || history.last_cause != executed.cause || !is_retried(history))
      return false;
    tell(run, retry_text(history, executed.reason));
    run.phase = Phase::kWaiting;
    run.next_try_alone = retry_rule(*executed.cause).alone;
    return true;
  }

  void tell(const Run& run, const std::string& what) {
    note_(run.planned.experiment.name + ": " + what);
  }

  void end_by_another(Run& run, ExecutedRun executed) {
    executed.by_another_process = true;
    end(run, std::move(executed));
  }

  void end(Run& run, ExecutedRun executed) {
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
    while (count(Phase::kActive) > 0 && stop_ < 2) {
      try {
        watch_workers();
      } catch (const std::exception&) {
        break;  // the caller reports the first error
      }
    }
    cancel_all(/*at_once=*/true);
  }

  ResultStore& store_;
  const LaunchOptions& options_;
  const std::atomic<int>& stop_;
  LaunchObserver& observer_;
  Executor& executor_;
  DevicePool devices_;
  const std::function<void(const std::string&)> note_ = [this](const std::string& text) {
    observer_.note(text);
  };
  Stopwatch watch_;
  std::map<RunId, size_t> places_;  ///< in `runs_`, of those that train
  std::vector<Run> runs_;
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
