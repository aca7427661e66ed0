// What the launcher asks of an executor, with one that executes nothing.
#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

#include "harness/run/device_pool.h"
#include "harness/run/launch.h"
#include "harness/run/worker_job.h"
#include "tests/run/fake_executor.h"
#include "tests/run/fake_worker.h"

namespace mra {

namespace {

class Launching : public testing::Test {
 protected:
  Launching() {
    options.workspace = dir / "out";
    options.worker = "/no/worker";
    options.min_free_bytes = 0;
  }
  ~Launching() override { unsetenv("CUDA_VISIBLE_DEVICES"); }

  static PlannedRun run(const std::string& name, std::vector<RunId> depends_on = {}) {
    const RunRecord record = tiny_record(name);
    PlannedRun planned;
    planned.id = {record.key, record.seed};
    planned.experiment.name = record.experiment;
    planned.experiment.resolved = record.spec;
    planned.experiment.key = record.key;
    planned.depends_on = std::move(depends_on);
    return planned;
  }
  LaunchResult go(const std::vector<PlannedRun>& runs) {
    return launch(runs, store, options, stop, seen, executor);
  }
  /// The value that follows `option` on the command line of a job.
  std::string told(size_t job, const std::string& option) const {
    const auto& words = executor.jobs.at(job).given.arguments;
    const auto found = std::find(words.begin(), words.end(), option);
    return found + 1 < words.end() ? *(found + 1) : "";
  }

  TempDir dir;
  ResultStore store{ResultStore::path_of(dir / "out")};
  LaunchOptions options;
  std::atomic<int> stop = 0;
  SeenEvents seen;
  FakeExecutor executor;
};

}  // namespace

TEST_F(Launching, NoMoreRunsAtOnceThanJobs) {
  options.jobs = 2;
  executor.moves = {[&] {
                      EXPECT_EQ(executor.at_work(), 2u);
                      executor.succeed(1);
                    },
                    [&] { EXPECT_EQ(executor.jobs.size(), 3u) << "the third takes its place"; }};
  EXPECT_EQ(exit_code(go({run("a"), run("b"), run("c")})), 0);
  EXPECT_EQ(executor.move, 2u);
  EXPECT_TRUE(store.has(run("c").id));
}

TEST_F(Launching, AWorkerGetsTheThreadsOfItsRecipe) {
  options.jobs = 2;
  PlannedRun planned = run("a");
  planned.experiment.recipe.threads = 3;
  executor.moves = {[&] { executor.succeed(0); }};
  go({planned});
  EXPECT_EQ(told(0, "--threads"), "3");
}

TEST(FittingJobs, FillCoresOrGpus) {
  PlannedRun one, two, any;
  one.experiment.recipe.threads = 1;
  two.experiment.recipe.threads = 2;
  EXPECT_EQ(fitting_jobs({one}, "auto", {}, 8), 8);
  EXPECT_EQ(fitting_jobs({one, two}, "cpu", {"0"}, 8), 4);
  EXPECT_EQ(fitting_jobs({one, any}, "auto", {}, 8), 1) << "it takes all cores";
  EXPECT_EQ(fitting_jobs({two}, "cpu", {}, 1), 1);
  EXPECT_EQ(fitting_jobs({one}, "auto", {"0", "1"}, 8), 2);
  EXPECT_EQ(fitting_jobs({any}, "cuda:1", {"0", "1"}, 8), 1);
}

TEST(FittingLoaderThreads, AreOneWithoutAGpu) {
  EXPECT_EQ(fitting_loader_threads("auto", {}, 16, 1), 1);
  EXPECT_EQ(fitting_loader_threads("cpu", {"0"}, 16, 1), 1);
}

TEST(FittingLoaderThreads, ShareTheCoresButTwoOnAGpuHost) {
  EXPECT_EQ(fitting_loader_threads("auto", {"0"}, 16, 1), 14);
  EXPECT_EQ(fitting_loader_threads("cuda", {"0", "1", "2"}, 16, 3), 4);
  EXPECT_EQ(fitting_loader_threads("cuda:0", {"0"}, 2, 1), 1);
}

TEST_F(Launching, AWorkerIsToldWhetherEqualBitsArePromised) {
  executor.moves = {[&] { executor.succeed(0); }};
  go({run("a")});
  EXPECT_EQ(told(0, "--determinism"), "strict");
}

TEST_F(Launching, ARunStartsAfterWhatItNeeds) {
  options.jobs = 2;
  const auto first = run("a"), second = run("b", {first.id});
  executor.moves = {[&] {
    EXPECT_EQ(executor.at_work(), 1u);
    executor.succeed(0);
  }};
  EXPECT_EQ(exit_code(go({second, first})), 0);
  ASSERT_EQ(executor.jobs.size(), 2u);
  EXPECT_EQ(told(1, "--input").substr(0, first.id.key.size()), first.id.key);
}

TEST_F(Launching, WhatMeasuresSpeedHasNoOtherBesideIt) {
  options.jobs = 3;
  auto timed = run("timed");
  store.ingest(tiny_record("timed"));
  timed.judges = {{"throughput", Json::object(), ""}};
  executor.moves = {[&] {
                      EXPECT_EQ(executor.at_work(), 2u) << "the others first";
                      executor.succeed(0);
                    },
                    [&] {
                      EXPECT_EQ(executor.at_work(), 1u);
                      executor.succeed(1);
                    },
                    [&] {
                      EXPECT_EQ(executor.at_work(), 1u);
                      EXPECT_EQ(executor.jobs.back().given.arguments[1], "judge");
                      executor.end(2, 256);
                    }};
  go({run("a"), timed, run("b")});
  EXPECT_EQ(executor.move, 3u);
}

TEST_F(Launching, StoppedOnceItAsksAndTwiceItKills) {
  executor.moves = {[&] { stop = 1; },
                    [&] {
                      EXPECT_TRUE(executor.jobs[0].asked_to_stop);
                      EXPECT_FALSE(executor.jobs[0].killed);
                      stop = 2;
                    },
                    [&] {
                      EXPECT_TRUE(executor.jobs[0].killed);
                      executor.end(0, SIGKILL);
                    }};
  const auto a = run("a");
  EXPECT_TRUE(go({a, run("b")}).stopped);
  EXPECT_EQ(executor.jobs.size(), 1u) << "nothing more is started";
  EXPECT_EQ(seen.ended[a.experiment.name].outcome, Outcome::kInterrupted);
}

TEST_F(Launching, WithoutMemoryARunIsTriedAgainWithNoOtherBesideIt) {
  options.jobs = 2;
  executor.moves = {[&] { executor.end(0, SIGKILL); },
                    [&] {
                      EXPECT_EQ(executor.at_work(), 1u) << "it waits for the other";
                      executor.succeed(1);
                    }};
  EXPECT_EQ(exit_code(go({run("greedy"), run("other")})), 0);
  EXPECT_EQ(executor.jobs.size(), 3u);
}

TEST_F(Launching, EachRunHasAGpuOfItsOwn) {
  setenv("CUDA_VISIBLE_DEVICES", "4,GPU-5a", 1);
  options.jobs = 2;
  options.device = "cuda";
  executor.moves = {[&] { executor.succeed(1); }, [&] {}};
  go({run("a"), run("b"), run("c")});
  ASSERT_EQ(executor.jobs.size(), 3u);
  EXPECT_EQ(executor.jobs[0].given.visible_gpus, "4");
  EXPECT_EQ(executor.jobs[1].given.visible_gpus, "GPU-5a");
  EXPECT_EQ(executor.jobs[2].given.visible_gpus, "GPU-5a") << "the one that was given back";
  EXPECT_EQ(told(2, "--device"), "cuda");
}

TEST(DevicePool, TakesTheGpusThatAreNamed) {
  DevicePool pool("cuda:0,2", {"7", "8", "9"});
  EXPECT_EQ(pool.at(pool.take()).visible_gpus, "7");
  EXPECT_EQ(pool.at(pool.take()).visible_gpus, "9");
  EXPECT_EQ(pool.take(), 0u) << "then each has two";
}

TEST(DevicePool, IsOneDeviceWhereThereIsNoChoice) {
  for (const char* device : {"cpu", "auto", "cuda"}) {
    DevicePool pool(device, {});
    EXPECT_EQ(pool.size(), 1u);
    EXPECT_EQ(pool.at(pool.take()).name, device);
    EXPECT_EQ(pool.at(0).visible_gpus, "");
  }
  EXPECT_EQ(DevicePool("cpu", {"0", "1"}).size(), 1u);
}

TEST(DevicePool, RefusesAGpuThatIsNotThere) {
  try {
    DevicePool("cuda:0,3", {"0", "1"});
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
    EXPECT_NE(std::string(error.what()).find("has 2 GPUs"), std::string::npos) << error.what();
  }
}

}  // namespace mra
