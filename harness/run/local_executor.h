#pragma once

#include <map>
#include <memory>

#include "harness/run/executor.h"
#include "harness/run/worker_process.h"

namespace mra {

/// Executes workers as processes of this machine. The destructor kills those that still run.
class LocalExecutor : public Executor {
 public:
  JobId submit(const WorkerJob& job) override;
  JobState ask(JobId id) override;
  void cancel(JobId id, bool at_once) override;
  void wait(double longest_s) override;

 private:
  std::map<JobId, std::unique_ptr<WorkerProcess>> workers_;
  JobId next_ = 0;
};

}  // namespace mra
