#include "harness/run/local_executor.h"

#include <algorithm>
#include <csignal>

#include <poll.h>

namespace mra {

Executor::JobId LocalExecutor::submit(const WorkerJob& job) {
  workers_[next_] = std::make_unique<WorkerProcess>(job);
  return next_++;
}

JobState LocalExecutor::ask(JobId id) {
  WorkerProcess& worker = *workers_.at(id);
  JobState state;
  state.progress = worker.read_progress();
  state.status = worker.status();
  if (state.status) workers_.erase(id);
  return state;
}

void LocalExecutor::cancel(JobId id, bool at_once) {
  workers_.at(id)->send(at_once ? SIGKILL : SIGTERM);
}

void LocalExecutor::wait(double longest_s) {
  constexpr double kEnding_s = 0.005;  // wait after a worker closed its output: it is about to end
  std::vector<pollfd> descriptors;
  for (const auto& [id, worker] : workers_) {
    if (worker->descriptor() >= 0)
      descriptors.push_back({worker->descriptor(), POLLIN, 0});
    else
      longest_s = std::min(longest_s, kEnding_s);
  }
  ::poll(descriptors.data(), descriptors.size(), std::max(1, int(longest_s * 1000)));
}

}  // namespace mra
