#pragma once

#include <atomic>

#include <gtest/gtest.h>

#include "harness/record/run_lock.h"
#include "harness/run/launch.h"
#include "tests/run/fake_worker.h"

namespace mra {

namespace fs = std::filesystem;

/// Launches scripted workers in a workspace of its own.
class Launch : public testing::Test {
 protected:
  Launch() {
    options.workspace = dir / "out";
    options.worker = worker.program();
    options.poll_s = 0.02;
    options.min_free_bytes = 0;
  }
  LaunchResult go(const std::vector<PlannedRun>& runs) {
    return launch(runs, store, options, stop, seen);
  }
  RunDirectory directory(const PlannedRun& run) const {
    return RunDirectory(RunDirectory::path_of(options.workspace, run.id));
  }
  const ExecutedRun& end_of(const PlannedRun& run) { return seen.ended[run.experiment.name]; }

  TempDir dir;
  FakeWorker worker{dir / "worker"};
  ResultStore store{ResultStore::path_of(dir / "out")};
  LaunchOptions options;
  std::atomic<int> stop = 0;
  SeenEvents seen;
};

}  // namespace mra
