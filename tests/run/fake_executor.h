#pragma once

#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/run/executor.h"
#include "tests/support/tiny_run.h"

namespace mra {

/// Executes nothing: a test says what becomes of each job, and when.
class FakeExecutor : public Executor {
 public:
  struct Job {
    WorkerJob given;
    JobState state;
    bool at_work = true, asked_to_stop = false, killed = false;
  };

  JobId submit(const WorkerJob& job) override {
    jobs.push_back({job, {}});
    return JobId(jobs.size()) - 1;
  }
  JobState ask(JobId id) override {
    Job& job = jobs.at(size_t(id));
    EXPECT_TRUE(job.at_work) << "asked after its end was told";
    job.at_work = !job.state.status;
    return std::exchange(job.state, {});
  }
  void cancel(JobId id, bool at_once) override {
    (at_once ? jobs.at(size_t(id)).killed : jobs.at(size_t(id)).asked_to_stop) = true;
  }
  /// Lets the test make its next move; at its last it ends whatever is at work.
  void wait(double) override {
    if (move < moves.size()) return moves[move++]();
    for (size_t i = 0; i < jobs.size(); ++i)
      if (jobs[i].at_work) succeed(i);
  }

  /// The job leaves the record of its run, as `tiny_record` has it, and ends well.
  void succeed(size_t job) {
    const std::filesystem::path folder = jobs.at(job).given.arguments.at(2);
    const Json spec = Json::parse(read_file(folder / "spec.json"));
    RunRecord record = tiny_record(spec["experiment"].get<std::string>().substr(7));
    record.weights_sha256 = sha256("weights");
    write_file_atomically(folder / "weights.safetensors", "weights");
    write_file_atomically(folder / "record.json", to_json(record).dump());
    jobs[job].state.status = 0;
  }
  void end(size_t job, int status) { jobs.at(job).state.status = status; }

  size_t at_work() const {
    size_t count = 0;
    for (const Job& job : jobs) count += job.at_work;
    return count;
  }

  std::vector<Job> jobs;  ///< in the order they were submitted
  std::vector<std::function<void()>> moves;
  size_t move = 0;
};

}  // namespace mra
