#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/record/failure_cause.h"
#include "harness/record/journal.h"
#include "harness/run/outcome.h"

namespace mra {

/// How a run that failed is retried. A retry never changes what a run computes, not even its batch
/// size.
struct RetryRule {
  int most_retries = 0;        ///< automatic retries in a row without progress
  bool alone = false;          ///< retried while this command executes no other run
  bool same_expected = false;  ///< the same spec is expected to fail again in the same way
  const char* advice = "";     ///< shown when no retry is left; empty: the error's own cure
};
const RetryRule& retry_rule(FailureCause cause);

/// The failures of a run so far, from its journal.
struct FailureHistory {
  int in_a_row = 0;  ///< latest failures of retried causes without progress between them
  std::optional<FailureCause> last_cause;
  std::string last_reason;
};

/// Progress is an epoch or a judgement that no earlier attempt had reached. Failures under earlier
/// commands count too.
FailureHistory failure_history(const std::vector<JournalEvent>& events);
FailureHistory failure_history(const RunDirectory& directory);

/// Whether a run with this history is retried automatically.
bool is_retried(const FailureHistory& history);

/// "killed by signal 11 (SIGSEGV); it is tried again, 1 of 2".
std::string retry_text(const FailureHistory& history, const std::string& reason);

/// The message when a command starts a run that failed before; empty when it did not fail.
std::string failed_before_text(const FailureHistory& history);

/// Replaces the cure of a failed run by the advice for its cause, if there is any.
void give_advice(ExecutedRun& run);

}  // namespace mra
