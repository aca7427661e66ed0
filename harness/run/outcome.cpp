#include "harness/run/outcome.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <regex>
#include <utility>

#include <fmt/format.h>
#include <sys/wait.h>

#include "harness/base/file.h"
#include "harness/record/journal.h"

namespace mra {

namespace fs = std::filesystem;

const char* name(Outcome outcome) {
  switch (outcome) {
    case Outcome::kDone:
      return "done";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kDied:
      return "died";
    case Outcome::kInterrupted:
      return "interrupted";
    case Outcome::kSkipped:
      return "skipped";
  }
  return "failed";
}

ExecutedRun ended(Outcome outcome, double wall_s, std::string reason) {
  ExecutedRun run;
  run.outcome = outcome;
  run.wall_s = wall_s;
  run.reason = std::move(reason);
  return run;
}

AttemptStart attempt_start(const RunDirectory& directory) {
  std::error_code ignored;
  const auto log_bytes = fs::file_size(directory.log_file(), ignored);
  return {ignored ? 0 : size_t(log_bytes), read_journal(directory.journal_file()).size()};
}

std::string last_lines(std::string log) {
  static const std::regex kPrefix(R"((^|\n)\[[-0-9 :.]+\] \[harness-worker\] \[\w+\] )");
  log = std::regex_replace(log, kPrefix, "$1");
  while (log.ends_with('\n')) log.pop_back();
  constexpr size_t kMost = 600;
  return log.size() > kMost ? "…" + log.substr(log.size() - kMost) : log;
}

/// The last lines that the worker printed in this attempt.
static std::string end_of_log(const RunDirectory& directory, size_t start_bytes) {
  if (!fs::exists(directory.log_file())) return "";
  std::string text = read_file(directory.log_file());
  text.erase(0, std::min(start_bytes, text.size()));
  return last_lines(text);
}

std::string describe_death(int signal_number) {
  const char* known = ::sigabbrev_np(signal_number);
  return fmt::format("killed by signal {} (SIG{}){}", signal_number, known ? known : "?",
                     signal_number == SIGKILL ? ", probably by the kernel" : "");
}

/// The cause for a worker that ended without an event in the journal. A worker that cannot write
/// reports an error by its exit code only.
static FailureCause cause_of(ErrorKind kind) {
  if (kind == ErrorKind::kUsage) return FailureCause::kSpec;
  if (kind == ErrorKind::kIntegrity) return FailureCause::kBadData;
  if (kind == ErrorKind::kEnvironment) return FailureCause::kIo;
  return FailureCause::kDefect;
}

ErrorKind kind_of_exit(int code) {
  for (const ErrorKind kind : {ErrorKind::kUsage, ErrorKind::kIntegrity, ErrorKind::kEnvironment})
    if (exit_code(kind) == code) return kind;
  return ErrorKind::kFailure;
}

ExecutedRun explain_end(const RunDirectory& directory, int status, const AttemptStart& start) {
  ExecutedRun run;
  const std::string log_name = directory.log_file().string();
  if (WIFSIGNALED(status)) {
    run.outcome = Outcome::kDied;
    // When memory runs out, the kernel kills with SIGKILL; other senders of it are rare.
    run.cause =
        WTERMSIG(status) == SIGKILL ? FailureCause::kOutOfMemory : FailureCause::kLostWorker;
    run.reason = describe_death(WTERMSIG(status));
    run.cure = fmt::format("see {}; repeat the command to go on from the checkpoint", log_name);
    return run;
  }
  const int code = WEXITSTATUS(status);
  if (code == exit_code(ErrorKind::kStopped)) {
    run.outcome = Outcome::kInterrupted;
    run.reason = "stopped after writing its checkpoint";
    return run;
  }
  run.outcome = Outcome::kFailed;
  run.kind = kind_of_exit(code);
  run.cause = cause_of(run.kind);
  const auto events = read_journal(directory.journal_file());
  if (events.size() > start.events && events.back().event == "fail") {
    run.reason = directory.reason();
    run.cure = text_field(events.back().fields, "cure");
    if (const auto cause = failure_cause(text_field(events.back().fields, "cause")))
      run.cause = cause;
    return run;
  }
  const std::string log = end_of_log(directory, start.log_bytes);
  run.reason = code == 0 ? "the worker ended without a record"
                         : fmt::format("the worker ended with code {}", code);
  if (!log.empty()) run.reason += ": " + log;
  run.cure = "see " + log_name;
  return run;
}

void write_death(const RunDirectory& directory, ExecutedRun& run) {
  Json fields = {{"what", run.reason}};
  if (run.cause) fields["cause"] = name(*run.cause);
  JournalWriter(directory.journal_file()).append("died", fields);
  run.reason = directory.reason();
}

bool is_done(const PlannedRun& run, const RunRecord& record) {
  return std::all_of(run.judges.begin(), run.judges.end(), [&](const NamedOptions& judge) {
    return find_judgement(record, judgement_id(judge.name, judge.options)) != nullptr;
  });
}

bool ended_with_failure(const RunDirectory& directory) {
  const auto events = read_journal(directory.journal_file());
  return !events.empty() && events.back().event == "fail";
}

}  // namespace mra
