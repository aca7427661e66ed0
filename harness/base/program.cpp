#include "harness/base/program.h"

#include <cstdlib>
#include <optional>
#include <sstream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mra {

namespace fs = std::filesystem;

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

fs::path find_own_program(const std::string& name) {
  std::error_code ignored;
  const fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path& path : {folder / name, folder.parent_path() / "libexec/harness" / name})
    if (access(path.c_str(), X_OK) == 0) return path;
  return {};
}

/// Returns a descriptor of a file in memory that holds `text`; -1 when it cannot be created.
static int file_with(const std::string& text) {
  const int file = memfd_create("input", MFD_CLOEXEC);
  size_t done = 0;
  for (ssize_t count; done < text.size(); done += size_t(count))
    if ((count = write(file, text.data() + done, text.size() - done)) <= 0) return -1;
  lseek(file, 0, SEEK_SET);
  return file;
}

/// Starts a program and returns the reading end of a pipe from its stdout. `input`: its stdin.
static std::optional<int> start(std::vector<char*> arguments, bool show_errors, int input,
                                pid_t& child) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input != 0) posix_spawn_file_actions_adddup2(&actions, input, 0);
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
                          bool show_errors, const std::string& input) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  ProgramResult result;
  const int stdin_file = input.empty() ? 0 : file_with(input);
  const auto descriptor = start(std::move(pointers), show_errors, stdin_file, child);
  if (stdin_file > 0) close(stdin_file);
  if (!descriptor) return result;
  char buffer[4096];
  for (ssize_t count; (count = read(*descriptor, buffer, sizeof buffer)) > 0;)
    result.output.append(buffer, size_t(count));
  close(*descriptor);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  return result;
}

}  // namespace mra
