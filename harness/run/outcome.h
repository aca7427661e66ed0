#pragma once

#include <optional>
#include <string>

#include "harness/base/error.h"
#include "harness/record/failure_cause.h"
#include "harness/record/run_directory.h"
#include "harness/run/plan.h"

namespace mra {

enum class Outcome { kDone, kFailed, kDied, kInterrupted, kSkipped };
const char* name(Outcome outcome);  ///< "done", "failed", "died", "interrupted", "skipped"

/// How one planned run ended.
struct ExecutedRun {
  RunId id;
  std::string experiment;
  Outcome outcome = Outcome::kDone;
  double wall_s = 0;                     ///< done: from the record; else of this attempt
  std::string reason;                    ///< why it is not done
  std::string cure;                      ///< what to do about it, if known
  ErrorKind kind = ErrorKind::kFailure;  ///< of a failure, as reported by the worker
  std::optional<FailureCause> cause;     ///< of a failure or a death
  bool judged = false;                   ///< it was trained before; this execution judged it
  bool by_another_process = false;       ///< another process executed it meanwhile
};

/// "killed by signal 15 (SIGTERM)".
std::string describe_death(int signal_number);

/// The kind of error that this exit code of a worker stands for.
ErrorKind kind_of_exit(int code);

/// The end of a worker's log as messages quote it: without times and levels.
std::string last_lines(std::string log);

/// An ExecutedRun with these values; the other fields keep their defaults.
ExecutedRun ended(Outcome outcome, double wall_s, std::string reason = "");

/// Where an attempt begins in the log and the journal, after what earlier attempts wrote.
struct AttemptStart {
  size_t log_bytes = 0;
  size_t events = 0;
};
AttemptStart attempt_start(const RunDirectory& directory);

/// For a worker that ended with `status` (as of waitpid()) without a record: whether it failed,
/// died or was interrupted, and why.
ExecutedRun explain_end(const RunDirectory& directory, int status, const AttemptStart& start);

/// Adds the event "died" to the journal of a run whose worker died before it could add an event.
void write_death(const RunDirectory& directory, ExecutedRun& run);

/// Whether the record holds every result that the planned run is to give.
bool is_done(const PlannedRun& run, const RunRecord& record);

/// Whether the last event of the run is a failure.
bool ended_with_failure(const RunDirectory& directory);

}  // namespace mra
