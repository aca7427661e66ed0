#include "harness/worker/end_after_parent.h"

#include <csignal>

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mra {

using namespace std::chrono_literals;

/// A process in an operation without end, which ignores what it is asked. `asks_kernel`: as those
/// that `harness` starts.
[[noreturn]] static void work_for_ever(bool asks_kernel) {
  if (asks_kernel) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::signal(SIGTERM, [](int) {});
  end_after_parent(1ms);
  volatile bool busy = true;
  while (busy) {
  }
  ::_exit(0);
}

/// Starts such a process from one that is then killed. The worker has the writing end of the pipe,
/// whose reading end is returned with its id.
static std::pair<int, pid_t> orphan(bool asks_kernel) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    const pid_t worker = ::fork();
    if (worker == 0) work_for_ever(asks_kernel);
    (void)!::write(ends[1], &worker, sizeof worker);
    ::close(ends[1]);
    ::pause();
    ::_exit(0);
  }
  ::close(ends[1]);
  pid_t worker = 0;
  EXPECT_EQ(::read(ends[0], &worker, sizeof worker), ssize_t(sizeof worker));
  ::usleep(200'000);  // it watches its parent now
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  return {ends[0], worker};
}

/// Whether the worker ends within `longest`: then nobody has the pipe any more.
static bool ends(int pipe, std::chrono::milliseconds longest) {
  pollfd end{pipe, POLLIN, 0};
  return ::poll(&end, 1, int(longest.count())) == 1;
}

TEST(EndAfterParent, AWorkerInALongOperationEndsAfterItsHarness) {
  const auto [pipe, worker] = orphan(/*asks_kernel=*/true);
  EXPECT_TRUE(ends(pipe, 60s));
  ::kill(worker, SIGKILL);
}

TEST(EndAfterParent, OneThatWasStartedByHandOutlivesItsShell) {
  const auto [pipe, worker] = orphan(/*asks_kernel=*/false);
  EXPECT_FALSE(ends(pipe, 2s));
  ::kill(worker, SIGKILL);
  EXPECT_TRUE(ends(pipe, 60s));
}

}  // namespace mra
