#include "harness/run/outcome.h"

#include <algorithm>
#include <csignal>
#include <cstring>
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

/// The last lines the worker printed in this attempt.
static std::string end_of_log(const RunDirectory& directory, size_t start_bytes) {
  if (!fs::exists(directory.log_file())) return "";
  std::string text = read_file(directory.log_file());
  text.erase(0, std::min(start_bytes, text.size()));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  constexpr size_t kMost = 600;
  if (text.size() > kMost) text = "…" + text.substr(text.size() - kMost);
  return text;
}

static std::string describe_death(int signal_number) {
  const char* known = ::sigabbrev_np(signal_number);
  return fmt::format("killed by signal {} (SIG{}){}", signal_number, known ? known : "?",
                     signal_number == SIGKILL ? "; probably out of memory" : "");
}

static std::string text_of(const Json& fields, const char* field) {
  const auto found = fields.find(field);
  return found != fields.end() && found->is_string() ? found->get<std::string>() : "";
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
    run.reason = describe_death(WTERMSIG(status));
    run.cure = fmt::format("see {}; repeating the command goes on from its checkpoint", log_name);
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
  const auto events = read_journal(directory.journal_file());
  if (events.size() > start.events && events.back().event == "fail") {
    run.reason = directory.reason();
    run.cure = text_of(events.back().fields, "cure");
    return run;
  }
  const std::string log = end_of_log(directory, start.log_bytes);
  run.reason = code == 0 ? "the worker ended without a record"
                         : fmt::format("the worker ended with code {}", code);
  if (!log.empty()) run.reason += ": " + log;
  run.cure = "see " + log_name;
  return run;
}

}  // namespace mra
