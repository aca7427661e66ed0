#include "harness/cli/stop_signals.h"

#include <csignal>

namespace mra {

// A handler is given no argument of ours; this is all it may touch.
static std::atomic<int> asked_to_stop{0};
static_assert(std::atomic<int>::is_always_lock_free);

static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

/// A signal that was ignored when the program began stays ignored: nohup asks for that.
static void set_handler(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;  // without SA_RESTART: waiting ends at once
  for (const int signal_number : kSignals) {
    struct sigaction before {};
    ::sigaction(signal_number, nullptr, &before);
    if (before.sa_handler != SIG_IGN) ::sigaction(signal_number, &action, nullptr);
  }
}

StopSignals::StopSignals() {
  asked_to_stop = 0;
  set_handler([](int) { ++asked_to_stop; });
}

StopSignals::~StopSignals() {
  set_handler(SIG_DFL);
}

const std::atomic<int>& StopSignals::count() const {
  return asked_to_stop;
}

}  // namespace mra
