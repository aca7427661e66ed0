#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/record/failure_cause.h"
#include "harness/record/journal.h"
#include "harness/run/outcome.h"

namespace mra {

/// What is done about a run that ended by itself without a result. Nothing here changes what a run
/// computes: not its batch size either.
struct RetryRule {
  int most_retries = 0;        ///< in a row without progress, by the program itself
  bool alone = false;          ///< tried again while no other run of the command goes on
  bool same_expected = false;  ///< the same spec fails in the same way unless something was mended
  const char* advice = "";     ///< when it is given up; empty: the cure of the error says it
};
const RetryRule& retry_rule(FailureCause cause);

/// How a run has failed so far, by its journal.
struct FailureHistory {
  int in_a_row = 0;  ///< failures of causes that are retried, without progress between, up to now
  std::optional<FailureCause> last_cause;
  std::string last_reason;
};

/// Progress is an epoch or a judgement that none of the attempts before had reached. The failures
/// of earlier commands count too.
FailureHistory failure_history(const std::vector<JournalEvent>& events);
FailureHistory failure_history(const RunDirectory& directory);

/// Whether a run with this history is tried again without being asked to.
bool is_retried(const FailureHistory& history);

/// "killed by signal 11 (SIGSEGV); it is tried again, 1 of 2".
std::string retry_text(const FailureHistory& history, const std::string& reason);

/// What to tell when a command starts a run that failed before; empty when it did not.
std::string failed_before_text(const FailureHistory& history);

/// The advice of the cause in place of the error's cure, when there is one.
void give_advice(ExecutedRun& run);

}  // namespace mra
