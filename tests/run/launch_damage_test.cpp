#include <fstream>

#include "harness/base/error.h"
#include "tests/run/launch_fixture.h"

namespace mra {

TEST_F(Launch, ADamagedRecordIsKeptAsideAndTheRunRepeated) {
  const auto run = worker.run("a");
  fs::create_directories(directory(run).path());
  std::ofstream(directory(run).record_file()) << "{";
  EXPECT_EQ(exit_code(go({run})), 0);
  EXPECT_EQ(seen.notes.size(), 1u);
  EXPECT_EQ(read_file(directory(run).record_file().string() + ".damaged"), "{");
}

TEST_F(Launch, TheRecordOfAnotherRunIsKeptAsideAndTheRunRepeated) {
  const auto run = worker.run("a"), other = worker.run("b");
  go({other});
  fs::create_directories(directory(run).path());
  fs::copy_file(directory(other).record_file(), directory(run).record_file());
  EXPECT_EQ(exit_code(go({run})), 0);
  EXPECT_TRUE(store.has(run.id));
  EXPECT_EQ(worker.starts().size(), 2u);
  EXPECT_TRUE(fs::exists(directory(run).record_file().string() + ".damaged"));
}

TEST_F(Launch, WhatStandsInTheWayOfAFileIsSetAside) {
  const auto run = worker.run("a");
  const RunDirectory there = directory(run);
  const auto paths = {there.spec_file(), there.environment_file(), there.log_file(),
                      there.weights_file(), there.record_file()};
  for (const fs::path& path : paths) fs::create_directories(path / "inside");
  std::ofstream(there.judged_folder()) << "no folder";
  EXPECT_EQ(exit_code(go({run})), 0);
  for (const fs::path& path : paths)
    EXPECT_TRUE(fs::exists(fs::path(path.string() + ".damaged") / "inside")) << path;
  EXPECT_EQ(read_file(there.judged_folder().string() + ".damaged"), "no folder");
  EXPECT_EQ(seen.notes.size(), paths.size() + 1);
}

TEST_F(Launch, TheJournalAndTraceOfAnotherRunAreSetAside) {
  const auto run = worker.run("a"), other = worker.run("b");
  const RunDirectory there = directory(run);
  fs::create_directories(there.path());
  for (const fs::path& path : {there.journal_file(), there.trace_file()})
    JournalWriter(path).append("start", {{"run", text(other.id)}});
  const std::string bytes = read_file(there.journal_file());
  EXPECT_EQ(exit_code(go({run})), 0);
  EXPECT_EQ(read_file(there.journal_file().string() + ".damaged"), bytes);
  EXPECT_TRUE(fs::exists(there.trace_file().string() + ".damaged"));
  ASSERT_EQ(seen.notes.size(), 2u);
  EXPECT_NE(seen.notes[0].find("is of run " + text(other.id)), std::string::npos);
}

TEST_F(Launch, AFolderInPlaceOfTheLockIsToldWithItsCure) {
  const auto run = worker.run("a");
  fs::create_directories(directory(run).lock_file());
  try {
    go({run});
    FAIL() << "was started";
  } catch (const Error& error) {
    EXPECT_EQ(error.where, directory(run).lock_file().string());
    EXPECT_NE(error.cure.find("move it away"), std::string::npos);
  }
}

TEST_F(Launch, AJudgeReadsTheSpecOfItsRunWhateverLayThere) {
  auto run = worker.run("a", "cp \"$DIR/spec.json\" \"$HERE/read.json\"; succeed");
  go({run});
  std::ofstream(directory(run).spec_file()) << "{}";
  run.judges = {{"occlusion", {{"step_px", 4}}, ""}};
  run.depends_on = {run.id};
  go({run});
  EXPECT_EQ(worker.starts().size(), 2u);
  EXPECT_EQ(Json::parse(read_file(worker.folder() / "read.json"))["key"], run.id.key);
}

}  // namespace mra
