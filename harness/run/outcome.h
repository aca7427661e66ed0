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

/// What became of one planned run.
struct ExecutedRun {
  RunId id;
  std::string experiment;
  Outcome outcome = Outcome::kDone;
  double wall_s = 0;                     ///< done: of the record; else of this attempt
  std::string reason;                    ///< why it is not done
  std::string cure;                      ///< what to do about it, if known
  ErrorKind kind = ErrorKind::kFailure;  ///< of a failure, as the worker gave it
  std::optional<FailureCause> cause;     ///< of a failure or a death
  bool judged = false;                   ///< it was trained before, and only judged
  bool by_another_process = false;       ///< someone else executed it meanwhile
};

/// The kind of error that this exit code of a worker stands for.
ErrorKind kind_of_exit(int code);

/// An ExecutedRun with these values and nothing else filled in.
ExecutedRun ended(Outcome outcome, double wall_s, std::string reason = "");

/// Where an attempt begins in the log and the journal: what comes earlier is of other attempts.
struct AttemptStart {
  size_t log_bytes = 0;
  size_t events = 0;
};
AttemptStart attempt_start(const RunDirectory& directory);

/// Why a worker that ended with `status` (of waitpid) did not leave a record, and how it ended:
/// failed, died or interrupted.
ExecutedRun explain_end(const RunDirectory& directory, int status, const AttemptStart& start);

/// Writes the end of a died run into its journal, which the worker could not.
void write_death(const RunDirectory& directory, ExecutedRun& run);

/// Whether the record holds all that the planned run is for.
bool is_done(const PlannedRun& run, const RunRecord& record);

/// Whether the last event of the run is a failure.
bool ended_with_failure(const RunDirectory& directory);

}  // namespace mra
