#include "tests/support/confined.h"

#include <chrono>
#include <cstring>
#include <exception>
#include <fstream>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/error.h"

namespace mra {

namespace {

size_t address_space_bytes() {
  size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * size_t(::sysconf(_SC_PAGESIZE));
}

void limit(size_t memory_bytes, unsigned time_s) {
  const rlim_t most = address_space_bytes() + memory_bytes;
  const rlimit memory{most, most};
  if (!kSanitized) ::setrlimit(RLIMIT_AS, &memory);
  const unsigned slowed_s = time_s * unsigned(kSlowdown);
  const rlimit time{slowed_s, slowed_s};
  ::setrlimit(RLIMIT_CPU, &time);
}

/// In the child: the exit code is the end, the message goes into the pipe.
[[noreturn]] void work_and_exit(const std::function<void()>& work, int pipe) {
  std::string message;
  Confined::End end = Confined::End::kDone;
  try {
    work();
  } catch (const Error& error) {
    message = error.what();
    end = Confined::End::kRefused;
  } catch (const std::exception& error) {
    message = error.what();
    end = Confined::End::kFailed;
  }
  if (::write(pipe, message.data(), message.size()) < 0) end = Confined::End::kFailed;
  ::_exit(int(end));
}

}  // namespace

Confined confined(const std::function<void()>& work, size_t memory_bytes, unsigned time_s) {
  Confined result;
  int ends[2];
  if (::pipe(ends) != 0) return result;
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    limit(memory_bytes, time_s);
    work_and_exit(work, ends[1]);
  }
  ::close(ends[1]);
  char buffer[4096];
  for (ssize_t size; (size = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    result.message.append(buffer, size_t(size));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (WIFEXITED(status) && WEXITSTATUS(status) <= int(Confined::End::kFailed))
    result.end = Confined::End(WEXITSTATUS(status));
  else
    result.message = std::string("the process died: ") + ::strsignal(WTERMSIG(status));
  return result;
}

}  // namespace mra
