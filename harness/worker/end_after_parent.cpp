#include "harness/worker/end_after_parent.h"

#include <csignal>
#include <thread>

#include <sys/prctl.h>
#include <unistd.h>

#include "harness/base/error.h"

namespace mra {

/// Leaves signals to the other threads, so that they do not interrupt this one.
static void block_signals() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

void end_after_parent(std::chrono::milliseconds grace) {
  int signal_number = 0;
  ::prctl(PR_GET_PDEATHSIG, &signal_number);
  // If the parent died before this line, its signal has already ended this process.
  const pid_t parent = ::getppid();
  if (signal_number == 0) return;
  std::thread([=] {
    block_signals();
    while (::getppid() == parent) std::this_thread::sleep_for(std::chrono::milliseconds(500));
    std::this_thread::sleep_for(grace);
    ::_exit(exit_code(ErrorKind::kStopped));
  }).detach();
}

}  // namespace mra
