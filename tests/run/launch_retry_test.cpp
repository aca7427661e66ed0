#include <thread>

#include <gtest/gtest.h>

#include "tests/run/launch_fixture.h"

namespace mra {

namespace {

/// A worker's last word: a failure of this cause, written as the next lines of the journal.
class Retries : public Launch {
 protected:
  /// A snippet that leaves a journal with one more failure of `cause` than before, and fails.
  std::string failing(const std::string& cause, int code = 1) {
    for (int times = 1; times <= 6; ++times)
      JournalWriter(worker.folder() / (cause + std::to_string(times)))
          .append("start", Json::object());
    for (int times = 1; times <= 6; ++times) {
      JournalWriter journal(worker.folder() / (cause + std::to_string(times)));
      for (int i = 0; i < times; ++i)
        journal.append("fail", {{"what", "it broke"}, {"cause", cause}, {"cure", "mend it"}});
    }
    return "n=$(grep -c \"^$NAME\" \"$HERE/starts.txt\"); cp \"$HERE/" + cause +
           "$n\" \"$DIR/journal.jsonl\"; exit " + std::to_string(code);
  }
};

}  // namespace

TEST_F(Retries, ALostWorkerIsReplacedAtOnce) {
  const auto run = worker.run("a", R"sh([ "$(wc -l < "$HERE/starts.txt")" = 3 ] && succeed
kill -SEGV $$)sh");
  EXPECT_EQ(exit_code(go({run})), 0);
  EXPECT_EQ(worker.starts().size(), 3u);
  ASSERT_EQ(seen.notes.size(), 2u);
  EXPECT_NE(seen.notes[1].find("SIGSEGV"), std::string::npos);
  EXPECT_NE(seen.notes[1].find("2 of 2"), std::string::npos);
}

TEST_F(Retries, ARunThatIsLostAgainAndAgainIsGivenUp) {
  const auto run = worker.run("a", "kill -SEGV $$");
  EXPECT_EQ(exit_code(go({run})), 1);
  EXPECT_EQ(worker.starts().size(), 3u);
  EXPECT_EQ(end_of(run).outcome, Outcome::kDied);
  EXPECT_EQ(end_of(run).cause, FailureCause::kLostWorker);
  EXPECT_NE(end_of(run).cure.find("worker.log"), std::string::npos);
  EXPECT_EQ(directory(run).reason(), "killed by signal 11 (SIGSEGV) (lost worker)");
  seen.notes.clear();
  go({run});
  EXPECT_EQ(worker.starts().size(), 4u) << "a repeat tries once";
  ASSERT_EQ(seen.notes.size(), 1u);
  EXPECT_NE(seen.notes[0].find("failed before: killed by signal 11"), std::string::npos);
}

TEST_F(Retries, WithoutMemoryTwiceItIsGivenUpWithAdvice) {
  const auto run = worker.run("a", failing("out_of_memory"));
  EXPECT_EQ(exit_code(go({run})), 1);
  EXPECT_EQ(worker.starts().size(), 2u);
  EXPECT_NE(end_of(run).cure.find("batch size"), std::string::npos);
}

TEST_F(Retries, WhatNeedsAPersonIsTriedByTheNextCommandOnly) {
  for (const char* cause : {"non_finite", "bad_data", "io", "machine", "spec", "defect"}) {
    const auto run = worker.run(cause, failing(cause));
    const size_t before = worker.starts().size();
    EXPECT_EQ(exit_code(go({run})), 1);
    EXPECT_EQ(worker.starts().size(), before + 1) << cause;
    EXPECT_EQ(end_of(run).cure, "mend it");
    go({run});
    EXPECT_EQ(worker.starts().size(), before + 2) << cause;
    EXPECT_NE(seen.notes.back().find("failed before: it broke"), std::string::npos);
  }
}

TEST_F(Retries, AFreshRunIsMovedAsideOnce) {
  auto run = worker.run("a");
  go({run});
  run = worker.run("a", R"sh([ "$(wc -l < "$HERE/starts.txt")" = 3 ] && succeed; kill -SEGV $$)sh");
  run.redo = true;
  EXPECT_EQ(exit_code(go({run})), 0);
  int folders = 0;
  for (const auto& entry : fs::directory_iterator(directory(run).path().parent_path()))
    folders += entry.is_directory();
  EXPECT_EQ(folders, 2);
}

TEST_F(Retries, AskedToStopNothingIsTriedAgain) {
  const auto run = worker.run("a", "trap '' TERM; : > \"$HERE/ready\"; sleep 0.2; kill -SEGV $$");
  seen.on_start = [&] {
    while (!fs::exists(worker.folder() / "ready"))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stop = 1;
  };
  EXPECT_EQ(exit_code(go({run})), 75);
  EXPECT_EQ(worker.starts().size(), 1u);
}

}  // namespace mra
