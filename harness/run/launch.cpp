#include "harness/run/launch.h"

#include <algorithm>
#include <csignal>
#include <functional>
#include <list>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <poll.h>

#include "harness/base/stopwatch.h"
#include "harness/record/journal.h"
#include "harness/run/retry.h"
#include "harness/run/run_files.h"
#include "harness/run/worker_process.h"

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

/// A run with its worker at work.
struct Active {
  size_t index = 0;  ///< in the plan
  RunDirectory directory;
  RunLock lock;  ///< freed after the worker's end is written down
  AttemptStart start;
  std::unique_ptr<WorkerProcess> worker;
  Stopwatch watch;
};

enum class Phase { kWaiting, kActive, kEnded };

class Launcher {
 public:
  Launcher(const std::vector<PlannedRun>& runs, ResultStore& store, const LaunchOptions& options,
           const std::atomic<int>& stop, LaunchObserver& observer)
      : runs_(runs), store_(store), options_(options), stop_(stop), observer_(observer) {
    for (size_t i = 0; i < runs.size(); ++i)
      if (runs[i].trains()) places_[runs[i].id] = i;
  }

  LaunchResult run() {
    try {
      while (!finished()) {
        obey_stop();
        if (!result_.stopped) start_what_can_be();
        watch_workers();
      }
    } catch (...) {
      // What is running may end well: it is not lost to a trouble of another run.
      end_all_workers();
      throw;
    }
    if (std::count(done_.begin(), done_.end(), true) == long(done_.size())) result_.stopped = false;
    return std::move(result_);
  }

 private:
  bool finished() const {
    if (!active_.empty()) return false;
    return result_.stopped ||
           std::count(phases_.begin(), phases_.end(), Phase::kEnded) == long(phases_.size());
  }

  void obey_stop() {
    const bool late = options_.time_limit_s && watch_.elapsed_s() >= *options_.time_limit_s;
    if (!result_.stopped && (late || stop_ >= 1)) {
      result_.stopped = true;
      observer_.stopping(stop_ >= 1 ? "asked to stop" : "the time limit is reached");
      for (Active& active : active_) active.worker->send(SIGTERM);
    }
    if (stop_ >= 2)
      for (Active& active : active_) active.worker->send(SIGKILL);
  }

  void start_what_can_be() {
    for (size_t i = 0; i < runs_.size() && int(active_.size()) < options_.jobs; ++i)
      if (phases_[i] == Phase::kWaiting && stop_ == 0 && !disturbs(i)) consider(i);
  }

  /// Whether a run that wants to be alone would not be.
  bool disturbs(size_t index) const {
    const auto alone = [&](size_t i) { return runs_[i].alone() || alone_[i]; };
    for (const Active& active : active_)
      if (alone(active.index) || alone(index)) return true;
    return false;
  }

  void consider(size_t index) {
    for (const RunId& id : runs_[index].depends_on) {
      const auto place = places_.find(id);
      if (place == places_.end()) continue;
      if (phases_[place->second] != Phase::kEnded) return;
      if (!done_[place->second])
        return end(index, ended(Outcome::kSkipped, 0,
                                fmt::format("it needs {} ({}), which is not done",
                                            runs_[place->second].experiment.name, text(id))));
    }
    const RunDirectory directory(RunDirectory::path_of(options_.workspace, runs_[index].id));
    auto lock = RunLock::try_take(directory);
    if (!lock && !std::exchange(waited_[index], true)) observer_.run_waiting(runs_[index]);
    if (!lock) return;
    try {
      for (const std::string& moved : clear_the_way(directory, runs_[index].id)) note_(moved);
      if (!settle_without_worker(index, directory, lock)) start(index, directory, *lock);
    } catch (const Error& error) {
      // The machine's troubles would meet every run; a damaged input is one run's alone.
      if (error.kind == ErrorKind::kEnvironment) throw;
      ExecutedRun run = ended(Outcome::kFailed, 0, error.where + ": " + error.what_happened);
      run.cure = error.cure;
      run.kind = error.kind;
      end(index, run);
    }
  }

  /// Uses what is in the folder already: the record of another process, or of one killed before its
  /// record got into the database. False when the run has to be executed.
  bool settle_without_worker(size_t index, const RunDirectory& directory,
                             std::optional<RunLock>& lock) {
    const PlannedRun& run = runs_[index];
    if (run.redo && !waited_[index] && !begun_[index]) {
      observer_.note(fmt::format("{}: moved to {}", text(run.id), move_aside(directory).string()));
      store_.remove(run.id);
      lock.reset();
      lock = RunLock::try_take(directory);
      if (!lock) waited_[index] = true;
      return !lock;
    }
    if (const auto record = whole_record(directory, run.id, note_);
        record && is_done(run, *record)) {
      ingest(*record);
      end_by_another(index, ended(Outcome::kDone, record->wall_s));
      return true;
    }
    if (waited_[index] && !begun_[index] && ended_with_failure(directory)) {
      end_by_another(index, ended(Outcome::kFailed, 0, directory.reason()));
      return true;
    }
    return false;
  }

  void ingest(const RunRecord& record) {
    if (store_.ingest(record) == Ingested::kConflict)
      observer_.note(text(RunId{record.key, record.seed}) +
                     ": the database holds another result of this run, which is kept");
  }

  void start(size_t index, const RunDirectory& directory, RunLock& lock) {
    const PlannedRun& run = runs_[index];
    check_free_space(options_.workspace, options_.min_free_bytes);
    const auto arguments = worker_arguments(directory, run, store_, options_);
    write_spec(directory, run);  // what lies there may be damaged
    const AttemptStart attempt = attempt_start(directory);
    const std::string before = failed_before_text(failure_history(directory));
    if (!std::exchange(begun_[index], true) && !before.empty()) tell(run, before);
    auto worker =
        std::make_unique<WorkerProcess>(arguments, directory.log_file(), lock.descriptor());
    active_.push_back({index, directory, std::move(lock), attempt, std::move(worker), {}});
    phases_[index] = Phase::kActive;
    observer_.run_started(run, index + 1, runs_.size());
  }

  /// Waits until a worker tells something or ends, a signal comes, or a while has passed.
  void watch_workers() {
    std::vector<pollfd> descriptors;
    bool ending = false;
    for (const Active& active : active_) {
      if (active.worker->descriptor() >= 0)
        descriptors.push_back({active.worker->descriptor(), POLLIN, 0});
      else
        ending = true;
    }
    if (!finished()) {
      constexpr int kEnding_ms = 5;
      const int wait_ms = ending ? kEnding_ms : std::max(1, int(options_.poll_s * 1000));
      ::poll(descriptors.data(), descriptors.size(), wait_ms);
    }
    for (auto active = active_.begin(); active != active_.end();) {
      if (const auto update = active->worker->read_progress())
        observer_.progress(runs_[active->index], active->index + 1, runs_.size(), *update);
      const auto status = active->worker->status();
      if (status) finish(*active, *status);
      active = status ? active_.erase(active) : std::next(active);
    }
  }

  /// The lock is still held here: nobody takes the run before its end is written down.
  void finish(Active& active, int status) {
    // A worker may be killed after its record was written: it is a record all the same.
    const PlannedRun& planned = runs_[active.index];
    if (const auto record = whole_record(active.directory, planned.id, note_)) {
      ingest(*record);  // of several judgements those that are written
      const double wall_s = planned.trains() ? record->wall_s : active.watch.elapsed_s();
      if (is_done(planned, *record)) return end(active.index, ended(Outcome::kDone, wall_s));
    }
    ExecutedRun run = explain_end(active.directory, status, active.start);
    run.wall_s = active.watch.elapsed_s();
    const bool died = run.outcome == Outcome::kDied;
    if (died && stop_ >= 2)
      run = ended(Outcome::kInterrupted, run.wall_s, "killed on the second request to stop");
    if (died) write_death(active.directory, run);
    if (run.cause && tries_again(active, run)) return;
    // Somebody else asked the worker to stop, for the run would else go on from its checkpoint.
    if (run.outcome == Outcome::kInterrupted) result_.stopped = true;
    end(active.index, std::move(run));
  }

  /// Lets a failed run wait for another try, if its cause allows that; else it is given up.
  bool tries_again(const Active& active, ExecutedRun& run) {
    give_advice(run);
    const FailureHistory history = failure_history(active.directory);
    if (result_.stopped || history.last_cause != run.cause || !is_retried(history)) return false;
    tell(runs_[active.index], retry_text(history, run.reason));
    phases_[active.index] = Phase::kWaiting;
    alone_[active.index] = retry_rule(*run.cause).alone;
    return true;
  }

  void tell(const PlannedRun& run, const std::string& what) {
    observer_.note(run.experiment.name + ": " + what);
  }

  void end_by_another(size_t index, ExecutedRun run) {
    run.by_another_process = true;
    end(index, std::move(run));
  }

  void end(size_t index, ExecutedRun run) {
    run.id = runs_[index].id;
    run.experiment = runs_[index].experiment.name;
    run.judged = !runs_[index].trains();
    phases_[index] = Phase::kEnded;
    done_[index] = run.outcome == Outcome::kDone;
    observer_.run_ended(runs_[index], run);
    result_.executed.push_back(std::move(run));
  }

  void end_all_workers() {
    result_.stopped = true;  // nothing is tried again
    for (Active& active : active_) active.worker->send(SIGTERM);
    while (!active_.empty() && stop_ < 2) {
      try {
        watch_workers();
      } catch (const std::exception&) {
        return;  // the first error is the one to tell; destructors end the rest
      }
    }
  }

  const std::vector<PlannedRun>& runs_;
  ResultStore& store_;
  const LaunchOptions& options_;
  const std::atomic<int>& stop_;
  LaunchObserver& observer_;
  const std::function<void(const std::string&)> note_ = [this](const std::string& text) {
    observer_.note(text);
  };
  Stopwatch watch_;
  std::map<RunId, size_t> places_;
  std::vector<Phase> phases_ = std::vector<Phase>(runs_.size(), Phase::kWaiting);
  std::vector<bool> done_ = std::vector<bool>(runs_.size());
  std::vector<char> waited_ = std::vector<char>(runs_.size());  ///< another process was at it
  std::vector<char> begun_ = std::vector<char>(runs_.size());   ///< by this command
  std::vector<char> alone_ = std::vector<char>(runs_.size());   ///< its next try is to be
  std::list<Active> active_;
  LaunchResult result_;
};

}  // namespace

LaunchResult launch(const std::vector<PlannedRun>& runs, ResultStore& store,
                    const LaunchOptions& options, const std::atomic<int>& stop,
                    LaunchObserver& observer) {
  return Launcher(runs, store, options, stop, observer).run();
}

}  // namespace mra
