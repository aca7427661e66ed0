#pragma once

#include <string>

#include "harness/base/error.h"
#include "harness/record/run_directory.h"

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
  bool judged = false;                   ///< it was trained before, and only judged
  bool by_another_process = false;       ///< someone else executed it meanwhile
};

/// What a worker that ended with this exit code complained of.
ErrorKind kind_of_exit(int code);

/// A run that ended so.
ExecutedRun ended(Outcome outcome, double wall_s, std::string reason = "");

/// Where the log and the journal of an attempt begin: what stands before is of earlier ones.
struct AttemptStart {
  size_t log_bytes = 0;
  size_t events = 0;
};
AttemptStart attempt_start(const RunDirectory& directory);

/// Why a worker that ended with `status` (of waitpid) did not leave a record, and how it ended:
/// failed, died or interrupted.
ExecutedRun explain_end(const RunDirectory& directory, int status, const AttemptStart& start);

}  // namespace mra
