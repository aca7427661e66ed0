#include "harness/cli/machine.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mra {

namespace fs = std::filesystem;

/// The number after `label` in a file such as /proc/meminfo, or the first word without a label.
static std::optional<double> number_in(const fs::path& file, const std::string& label = "") {
  std::ifstream input(file);
  std::string word;
  double value = 0;
  while (!label.empty() && input >> word)
    if (word == label) break;
  if (input >> value) return value;
  return std::nullopt;
}

/// Processors that a container's quota allows; none when there is no quota.
static std::optional<int> quota_threads() {
  std::ifstream input("/sys/fs/cgroup/cpu.max");
  double quota_us = 0, period_us = 0;
  if (!(input >> quota_us >> period_us) || period_us <= 0) return std::nullopt;
  return std::max(1, int(std::ceil(quota_us / period_us)));
}

Machine this_machine() {
  Machine machine;
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) machine.threads = CPU_COUNT(&allowed);
  machine.threads = std::min(machine.threads, quota_threads().value_or(machine.threads));
  constexpr double kUnlimited = double(std::numeric_limits<int64_t>::max());
  const double total = number_in("/proc/meminfo", "MemTotal:").value_or(0) * 1024;
  const double limit = number_in("/sys/fs/cgroup/memory.max").value_or(kUnlimited);
  machine.memory_bytes = int64_t(std::min(total, limit));
  if (const auto available = number_in("/proc/meminfo", "MemAvailable:")) {
    const double used = number_in("/sys/fs/cgroup/memory.current").value_or(0);
    const double of_container = limit < kUnlimited ? std::max(0.0, limit - used) : kUnlimited;
    machine.available_bytes = int64_t(std::min(*available * 1024, of_container));
  }
  return machine;
}

FolderState folder_state(fs::path folder) {
  std::error_code ignored;
  folder = fs::absolute(folder, ignored);
  while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
  FolderState state;
  state.writable = fs::is_directory(folder, ignored) && access(folder.c_str(), W_OK | X_OK) == 0;
  struct statvfs disk {};
  if (statvfs(folder.c_str(), &disk) == 0)
    state.free_bytes = int64_t(disk.f_bavail) * int64_t(disk.f_frsize);
  return state;
}

fs::path find_program(const std::string& name) {
  const char* folders = std::getenv("PATH");
  std::istringstream input(folders ? folders : "");
  std::error_code ignored;
  for (std::string folder; std::getline(input, folder, ':');) {
    const fs::path program = fs::path(folder) / name;
    if (program.is_absolute() && fs::is_regular_file(program, ignored) &&
        access(program.c_str(), X_OK) == 0)
      return program;
  }
  return {};
}

/// Starts a program with its stdout in a pipe; gives the pipe's reading end.
static std::optional<int> start(std::vector<char*> arguments, bool show_errors, pid_t& child) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  if (!show_errors) posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  const int error = posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error == 0) return ends[0];
  close(ends[0]);
  return std::nullopt;
}

ProgramResult run_program(const fs::path& program, const std::vector<std::string>& arguments,
                          bool show_errors) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  ProgramResult result;
  const auto descriptor = start(std::move(pointers), show_errors, child);
  if (!descriptor) return result;
  std::string text;
  char buffer[4096];
  for (ssize_t count; (count = read(*descriptor, buffer, sizeof buffer)) > 0;)
    text.append(buffer, size_t(count));
  close(*descriptor);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  Json parsed = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_discarded()) result.document = std::move(parsed);
  return result;
}

std::optional<Json> json_of_program(const fs::path& program,
                                    const std::vector<std::string>& arguments, bool show_errors) {
  ProgramResult result = run_program(program, arguments, show_errors);
  return result.exit_code == 0 ? std::move(result.document) : std::nullopt;
}

}  // namespace mra
