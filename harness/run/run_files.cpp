#include "harness/run/run_files.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <thread>

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/journal.h"

namespace mra {

namespace fs = std::filesystem;

void write_spec(const RunDirectory& directory, const PlannedRun& run) {
  Json spec = run.experiment.resolved;
  // Not part of the identity, but the worker has to know how to judge the model.
  if (!run.experiment.evaluate.empty()) spec["evaluate"] = Json::array();
  for (const NamedOptions& entry : run.experiment.evaluate)
    spec["evaluate"].push_back({{entry.name, entry.options}});
  const Json request = {{"key", run.id.key},
                        {"seed", run.id.seed},
                        {"experiment", run.experiment.name},
                        {"spec", spec}};
  write_file_atomically(directory.spec_file(), request.dump(1) + "\n");
}

/// The weights of a recorded run, checked against the record.
static fs::path recorded_weights(const RunId& id, const ResultStore& store,
                                 const fs::path& workspace) {
  const auto record = store.run(id);
  check(record.has_value(), ErrorKind::kIntegrity, text(id), "is not in the database",
        "repeat the command");
  const fs::path path = RunDirectory::path_of(workspace, id) / record->weights_file;
  const std::string cure = "repeat the command with --fresh to make them again";
  check(fs::is_regular_file(path), ErrorKind::kIntegrity, path.string(),
        "the weights this run starts from are gone", cure);
  check(sha256_file(path) == record->weights_sha256, ErrorKind::kIntegrity, path.string(),
        "the weights this run starts from are not those of their record", cure);
  return path;
}

std::vector<std::string> worker_arguments(const RunDirectory& directory, const PlannedRun& run,
                                          const ResultStore& store, const LaunchOptions& options) {
  const int cores = int(std::max(1u, std::thread::hardware_concurrency()));
  const int threads = options.threads > 0 ? options.threads : std::max(1, cores / options.jobs);
  std::vector<std::string> arguments = {options.worker.string(),
                                        "execute",
                                        directory.path().string(),
                                        "--device",
                                        options.device,
                                        "--threads",
                                        std::to_string(threads),
                                        "--loader-threads",
                                        std::to_string(options.loader_threads)};
  for (const fs::path& data_dir : options.data_dirs)
    arguments.insert(arguments.end(), {"--data-dir", data_dir.string()});
  for (const RunId& id : run.depends_on)
    arguments.insert(
        arguments.end(),
        {"--input", id.key + "=" + recorded_weights(id, store, options.workspace).string()});
  return arguments;
}

void check_free_space(const fs::path& workspace, int64_t min_free_bytes) {
  struct statvfs info {};
  if (::statvfs(workspace.c_str(), &info) != 0) return;
  const int64_t free_bytes = int64_t(info.f_bavail) * int64_t(info.f_frsize);
  check(free_bytes >= min_free_bytes, ErrorKind::kEnvironment, workspace.string(),
        fmt::format("{} MiB are free on its disk, a run needs {}", free_bytes >> 20,
                    min_free_bytes >> 20),
        "make room, or choose a workspace on another disk (--workspace DIR)");
}

fs::path move_aside(const RunDirectory& directory) {
  std::string stamp = utc_now();
  std::erase_if(stamp, [](char letter) { return letter == '-' || letter == ':'; });
  fs::path target = directory.path().string() + ".old-" + stamp;
  for (int i = 2; fs::exists(target); ++i)
    target = fmt::format("{}.old-{}-{}", directory.path().string(), stamp, i);
  fs::rename(directory.path(), target);
  return target;
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

static ErrorKind kind_of(int code) {
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
  run.kind = kind_of(code);
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
