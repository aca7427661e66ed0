#include "harness/run/garbage.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <regex>

#include "harness/base/disk.h"
#include "harness/base/error.h"
#include "harness/record/run_lock.h"
#include "harness/record/runs_folder.h"
#include "harness/run/run_files.h"
#include "harness/store/result_store.h"

namespace mra {

namespace fs = std::filesystem;

int64_t bytes_of(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_directory(fs::symlink_status(path, ignored)))
    return fs::is_regular_file(path, ignored) ? int64_t(fs::file_size(path, ignored)) : 0;
  int64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path, ignored))
    if (entry.is_regular_file(ignored)) bytes += int64_t(entry.file_size(ignored));
  return bytes;
}

namespace {

bool is_alive(pid_t process) {
  return ::kill(process, 0) == 0 || errno == EPERM;
}

bool is_left_temporary(const std::string& file_name) {
  const auto name = temporary_name(file_name);
  return name && !is_alive(pid_t(name->process));
}

/// Why a file in a run directory can be deleted; empty: it stays.
std::string why_in_run(const std::string& name, bool finished) {
  static const std::regex kDamaged(R"(.+\.damaged[0-9]*)");
  if (is_left_temporary(name)) return "temporary file of a program that ended";
  if (std::regex_match(name, kDamaged)) return "damaged, and set aside";
  if (finished && (name == "checkpoint.bin" || name == "checkpoint.prev.bin"))
    return "checkpoint of a finished run";
  return "";
}

std::string why_in_workspace(const std::string& name) {
  static const std::regex kBackup(R"(harness\.db\.v[0-9]+\.bak(\.[0-9]+)?)");
  if (is_left_temporary(name)) return "temporary file of a program that ended";
  return std::regex_match(name, kBackup) ? "the database in an older format" : "";
}

/// "<name>.old-20260102T030405Z" (move_aside).
std::string why_among_runs(const std::string& name) {
  static const std::regex kOld(R"([0-9a-f]{14}-s[0-9]+\.old-[0-9]{8}T[0-9]{6}Z(-[0-9]+)?)");
  return std::regex_match(name, kOld) ? "a run moved aside by --fresh" : "";
}

/// Adds the entries of `folder` for whose name `why` gives a reason.
template <typename Why>
void add_entries(std::vector<Garbage>& found, const fs::path& folder, Why why) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string reason = why(entry.path().filename().string());
    if (!reason.empty()) found.push_back({entry.path(), bytes_of(entry.path()), reason});
  }
}

}  // namespace

std::vector<Garbage> garbage(const fs::path& workspace) {
  std::vector<Garbage> found;
  add_entries(found, workspace, why_in_workspace);
  std::error_code ignored;
  for (const auto& prefix : fs::directory_iterator(runs_folder(workspace), ignored))
    add_entries(found, prefix.path(), why_among_runs);
  for (const RunDirectory& run : run_directories(workspace)) {
    if (is_locked(run)) continue;
    const bool finished = fs::exists(run.record_file());
    const auto why = [&](const std::string& name) { return why_in_run(name, finished); };
    add_entries(found, run.path(), why);
    add_entries(found, run.judged_folder(), why);
  }
  std::sort(found.begin(), found.end(),
            [](const Garbage& a, const Garbage& b) { return a.path < b.path; });
  return found;
}

void remove(const Garbage& garbage) {
  std::error_code error;
  fs::remove_all(garbage.path, error);
  check(!error, ErrorKind::kEnvironment, garbage.path.string(),
        "cannot be deleted: " + error.message(), "check its owner and permissions");
}

void remove_run(const fs::path& workspace, const RunId& id) {
  const RunDirectory directory(RunDirectory::path_of(workspace, id));
  const bool has_folder = fs::is_directory(directory.path());
  const auto lock = has_folder ? RunLock::try_take(directory) : std::nullopt;
  check(lock || !has_folder, ErrorKind::kUsage, text(id), "another process is working on this run",
        "stop that harness first: Ctrl-C, or SIGTERM");
  if (fs::exists(ResultStore::path_of(workspace)))
    ResultStore(ResultStore::path_of(workspace)).remove(id);
  // Under another name, so that a kill in between leaves nothing that looks like a run.
  if (has_folder) remove(Garbage{move_aside(directory), 0, ""});
}

}  // namespace mra
