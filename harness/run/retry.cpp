#include "harness/run/retry.h"

#include <algorithm>

#include <fmt/format.h>

namespace mra {

const RetryRule& retry_rule(FailureCause cause) {
  static constexpr RetryRule kMemory{
      1, true, false,
      "free memory, give --jobs a smaller number, or use a machine with more memory; the batch "
      "size is part of the spec: --set /recipe/batch_size=N makes it another run"};
  static constexpr RetryRule kLost{2, false, false, ""};
  static constexpr RetryRule kSame{0, false, true, ""};
  static constexpr RetryRule kMended{0, false, false, ""};
  switch (cause) {
    case FailureCause::kOutOfMemory:
      return kMemory;
    case FailureCause::kLostWorker:
      return kLost;
    case FailureCause::kNonFinite:
    case FailureCause::kSpec:
    case FailureCause::kDefect:
      return kSame;
    case FailureCause::kBadData:
    case FailureCause::kIo:
    case FailureCause::kMachine:
      return kMended;
  }
  return kMended;
}

/// The cause of an event "fail" or "died"; nothing in journals of older programs.
static std::optional<FailureCause> cause_of(const JournalEvent& event) {
  if (event.event != "fail" && event.event != "died") return std::nullopt;
  return failure_cause(text_field(event.fields, "cause"));
}

static int64_t epoch_of(const JournalEvent& event) {
  return event.event == "epoch" ? integer_field(event.fields, "epoch") : 0;
}

FailureHistory failure_history(const std::vector<JournalEvent>& events) {
  FailureHistory history;
  int64_t furthest_epoch = 0;
  for (const JournalEvent& event : events) {
    if (const auto cause = cause_of(event)) {
      if (retry_rule(*cause).most_retries > 0) ++history.in_a_row;
      history.last_cause = cause;
      history.last_reason = failure_text(event);
    } else if (epoch_of(event) > furthest_epoch || event.event == "judged" ||
               event.event == "finish") {
      furthest_epoch = std::max(furthest_epoch, epoch_of(event));
      history = {};
    }
  }
  return history;
}

FailureHistory failure_history(const RunDirectory& directory) {
  return failure_history(read_journal(directory.journal_file()));
}

bool is_retried(const FailureHistory& history) {
  const int most = history.last_cause ? retry_rule(*history.last_cause).most_retries : 0;
  return most > 0 && history.in_a_row <= most;
}

std::string retry_text(const FailureHistory& history, const std::string& reason) {
  const RetryRule& rule = retry_rule(history.last_cause.value_or(FailureCause::kDefect));
  return fmt::format("{}; it is tried again{}, {} of {}", reason,
                     rule.alone ? " with no other run beside it" : "", history.in_a_row,
                     rule.most_retries);
}

std::string failed_before_text(const FailureHistory& history) {
  if (!history.last_cause) return "";
  return fmt::format("failed before: {}; it is tried again{}", history.last_reason,
                     retry_rule(*history.last_cause).same_expected
                         ? ", and will fail again unless the program or the machine has changed"
                         : "");
}

void give_advice(ExecutedRun& run) {
  if (run.cause && *retry_rule(*run.cause).advice != '\0') run.cure = retry_rule(*run.cause).advice;
}

}  // namespace mra
