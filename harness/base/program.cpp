#include "harness/base/program.h"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/text.h"

namespace mra {

namespace fs = std::filesystem;

fs::path find_program(const std::string& name) {
  const char* folders = std::getenv("PATH");
  std::error_code ignored;
  for (const std::string& folder : split(folders ? folders : "", ':')) {
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

/// Starts a program and returns the reading end of a pipe from its stdout. Its stderr goes to the
/// open file `errors`; `input`: its stdin, 0 for our own.
static std::optional<int> start(std::vector<char*> arguments, int input, int errors, pid_t& child) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (input != 0) posix_spawn_file_actions_adddup2(&actions, input, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, errors, 2);
  const int error = posix_spawn(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error == 0) return ends[0];
  close(ends[0]);
  return std::nullopt;
}

/// All that was written to the file, which is closed then.
static std::string written_to(int descriptor) {
  std::string text(size_t(std::max<off_t>(0, lseek(descriptor, 0, SEEK_END))), '\0');
  const ssize_t count = pread(descriptor, text.data(), text.size(), 0);
  close(descriptor);
  text.resize(size_t(std::max<ssize_t>(0, count)));
  return text;
}

ProgramResult run_program(const fs::path& program, const std::vector<std::string>& arguments,
                          const std::string& input) {
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  ProgramResult result;
  const int stdin_file = input.empty() ? 0 : file_with(input);
  const int errors = memfd_create("stderr", MFD_CLOEXEC);
  const auto descriptor = start(std::move(pointers), stdin_file, errors, child);
  if (stdin_file > 0) close(stdin_file);
  if (!descriptor) return close(errors), result;
  char buffer[4096];
  for (ssize_t count; (count = read(*descriptor, buffer, sizeof buffer)) > 0;)
    result.output.append(buffer, size_t(count));
  close(*descriptor);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.errors = written_to(errors);
  return result;
}

}  // namespace mra
