#include "harness/run/launch.h"

#include <csignal>
#include <thread>

#include "tests/run/launch_fixture.h"

namespace mra {

TEST_F(Launch, AFinishedRunIsInTheDatabase) {
  options.device = "cpu";
  options.data_dirs = {"some where"};
  const auto run = worker.run("a", "cat; succeed");
  const LaunchResult result = go({run});
  ASSERT_EQ(result.executed.size(), 1u);
  EXPECT_EQ(result.executed[0].outcome, Outcome::kDone);
  EXPECT_EQ(result.executed[0].wall_s, 12.5);
  EXPECT_FALSE(result.stopped);
  EXPECT_EQ(exit_code(result), 0);
  EXPECT_TRUE(store.has(run.id));
  EXPECT_FALSE(is_locked(directory(run)));
  ASSERT_EQ(worker.starts().size(), 1u);
  EXPECT_NE(worker.starts()[0].find("execute " + directory(run).path().string() + " --device cpu"),
            std::string::npos);
  EXPECT_TRUE(worker.starts()[0].ends_with("--data-dir some where"));
}

TEST_F(Launch, TheSpecSaysHowTheModelIsJudged) {
  auto run = worker.run("a");
  run.experiment.evaluate = {{"accuracy", {{"top", 5}}, ""}};
  go({run});
  const Json request = Json::parse(read_file(directory(run).spec_file()));
  EXPECT_EQ(request["key"], run.id.key);
  EXPECT_EQ(request["seed"], 0);
  EXPECT_EQ(request["experiment"], "table6/a");
  EXPECT_EQ(request["spec"]["evaluate"], Json::parse(R"([{"accuracy": {"top": 5}}])"));
  EXPECT_EQ(request["spec"]["lr"], 0.1);
}

/// The run `trained`, to be judged by "occlusion".
static PlannedRun judging(const PlannedRun& trained) {
  PlannedRun run = trained;
  run.depends_on = {trained.id};
  run.judges = {{"occlusion", {{"step_px", 4}}, ""}};
  return run;
}

TEST_F(Launch, AModelIsTrainedThenJudged) {
  Judgement judgement = tiny_judgement(4);
  judgement.weights_sha256 = sha256("weights");
  const std::string file = id_of(judgement) + ".json";
  std::ofstream(worker.folder() / file) << to_json(judgement).dump();
  const auto run = worker.run("a", R"sh(if [ "$1" = execute ]; then succeed
else mkdir -p "$DIR/judged" && cp "$HERE/)sh" +
                                       file + R"sh(" "$DIR/judged"; fi)sh");
  const LaunchResult result = go({run, judging(run)});
  ASSERT_EQ(result.executed.size(), 2u);
  EXPECT_FALSE(result.executed[0].judged);
  EXPECT_TRUE(result.executed[1].judged);
  EXPECT_EQ(exit_code(result), 0);
  EXPECT_TRUE(store.judged(run.id, id_of(judgement)));
  ASSERT_EQ(worker.starts().size(), 2u);
  EXPECT_NE(worker.starts()[1].find(" judge "), std::string::npos);
  EXPECT_TRUE(worker.starts()[1].ends_with(R"(--judge {"occlusion":{"step_px":4}})"));
  go({judging(run)});
  EXPECT_EQ(worker.starts().size(), 2u) << "what is judged is not judged again";
}

TEST_F(Launch, AJudgeThatLeavesNothingHasFailedAndTheRunStays) {
  const auto run = worker.run("a", R"sh([ "$1" = execute ] && succeed)sh");
  const LaunchResult result = go({run, judging(run)});
  ASSERT_EQ(result.executed.size(), 2u);
  EXPECT_EQ(result.executed[0].outcome, Outcome::kDone);
  EXPECT_EQ(result.executed[1].outcome, Outcome::kFailed);
  EXPECT_TRUE(store.has(run.id));
  EXPECT_EQ(directory(run).state(), RunState::kDone);
}

TEST_F(Launch, ProgressIsPassedOn) {
  go({worker.run("a", R"sh(echo 'no json'
echo '{"epoch":1,"epochs":4,"done_frac":0.25,"images_per_s":100,"loss":2.5,"left_s":9}'
sleep 0.1; printf '{"epoch":2,'; sleep 0.1; echo '"epochs":4}'; succeed)sh")});
  ASSERT_GE(seen.updates.size(), 2u);
  EXPECT_EQ(seen.updates[0].epoch, 1);
  EXPECT_EQ(seen.updates[0].loss, 2.5);
  EXPECT_EQ(seen.updates[0].left_s, 9);
  EXPECT_EQ(seen.updates.back().epoch, 2);
  EXPECT_EQ(seen.updates.back().left_s, -1);
}

TEST_F(Launch, AWorkerLeadsAProcessGroupOfItsOwn) {
  const auto run = worker.run("a", R"sh([ "$(cut -d' ' -f5 /proc/$$/stat)" = $$ ] && succeed)sh");
  go({run});
  EXPECT_EQ(end_of(run).outcome, Outcome::kDone);
}

TEST_F(Launch, AFailureEndsWhatDependsOnItAlone) {
  const auto bad = worker.run("bad", "echo earlier >&2; echo boom >&2; exit 1");
  const auto needs_bad = worker.run("needs_bad", "succeed", {bad.id});
  const auto needs_that = worker.run("needs_that", "succeed", {needs_bad.id});
  const auto other = worker.run("other");
  const LaunchResult result = go({bad, needs_bad, needs_that, other});
  EXPECT_EQ(end_of(bad).outcome, Outcome::kFailed);
  EXPECT_EQ(end_of(bad).reason, "the worker ended with code 1: earlier\nboom");
  EXPECT_EQ(end_of(needs_bad).outcome, Outcome::kSkipped);
  EXPECT_EQ(end_of(needs_that).outcome, Outcome::kSkipped);
  EXPECT_EQ(end_of(other).outcome, Outcome::kDone);
  EXPECT_EQ(worker.starts().size(), 2u);
  EXPECT_EQ(exit_code(result), 1);
}

TEST_F(Launch, AFailureIsToldAsTheWorkerWroteIt) {
  JournalWriter(worker.folder() / "journal")
      .append("fail", {{"where", "step 7"}, {"what", "the loss is nan"}, {"cure", "lower it"}});
  const auto run =
      worker.run("a", "cp \"$HERE/journal\" \"$DIR/journal.jsonl\"; echo log >&2; exit 6");
  const LaunchResult result = go({run});
  EXPECT_EQ(end_of(run).reason, "step 7: the loss is nan");
  EXPECT_EQ(end_of(run).cure, "lower it");
  EXPECT_EQ(exit_code(result), 6);
  EXPECT_EQ(directory(run).state(), RunState::kFailed);
  // A later attempt that says nothing is not explained by the old journal.
  std::ofstream(worker.folder() / (text(run.id).substr(2) + ".sh")) << "echo other >&2; exit 2\n";
  EXPECT_EQ(exit_code(go({run})), 2);
  EXPECT_EQ(end_of(run).reason, "the worker ended with code 2: other");
}

TEST_F(Launch, AWorkerThatEndsWellWithoutARecordFailed) {
  const auto run = worker.run("a", "exit 0");
  go({run});
  EXPECT_EQ(end_of(run).outcome, Outcome::kFailed);
  EXPECT_FALSE(store.has(run.id));
}

TEST_F(Launch, AKilledWorkerDiedAndDidNotFail) {
  const auto run = worker.run("a", "kill -9 $$");
  const LaunchResult result = go({run});
  EXPECT_EQ(end_of(run).outcome, Outcome::kDied);
  EXPECT_EQ(end_of(run).reason,
            "killed by signal 9 (SIGKILL), probably by the kernel (out of memory)");
  EXPECT_EQ(exit_code(result), 1);
  EXPECT_EQ(directory(run).state(), RunState::kInterrupted);
  EXPECT_EQ(directory(run).reason(), end_of(run).reason);
  EXPECT_EQ(read_journal(directory(run).journal_file()).back().event, "died");
}

TEST_F(Launch, AWorkerKilledAfterItsRecordIsDone) {
  const auto run = worker.run("a", "succeed; kill -9 $$");
  go({run});
  EXPECT_EQ(end_of(run).outcome, Outcome::kDone);
}

TEST_F(Launch, AskedToStopItLetsWorkersEndAndStartsNoMore) {
  const auto first =
      worker.run("first", "trap 'exit 75' TERM; : > \"$HERE/ready\"; while :; do sleep 0.01; done");
  const auto second = worker.run("second");
  std::thread user([&] {
    while (!fs::exists(worker.folder() / "ready"))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stop = 1;
  });
  const LaunchResult result = go({first, second});
  user.join();
  EXPECT_TRUE(result.stopped);
  EXPECT_EQ(exit_code(result), 75);
  EXPECT_EQ(end_of(first).outcome, Outcome::kInterrupted);
  EXPECT_EQ(result.executed.size(), 1u);
}

TEST_F(Launch, TheTimeLimitStopsLikeAPerson) {
  options.time_limit_s = 0.3;
  const auto run = worker.run("a", "trap 'exit 75' TERM; while :; do sleep 0.01; done");
  EXPECT_EQ(exit_code(go({run, worker.run("b")})), 75);
  EXPECT_EQ(end_of(run).outcome, Outcome::kInterrupted);
  EXPECT_EQ(worker.starts().size(), 1u);
}

TEST_F(Launch, AStopThatCameTooLateIsNone) {
  const auto run = worker.run("a", "trap '' TERM; : > \"$HERE/ready\"; sleep 0.2; succeed");
  seen.on_start = [&] {
    while (!fs::exists(worker.folder() / "ready"))
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    stop = 1;
  };
  const LaunchResult result = go({run});
  EXPECT_FALSE(result.stopped);
  EXPECT_EQ(exit_code(result), 0);
}

TEST_F(Launch, ARunGetsTheWeightsItStartsFrom) {
  const auto first = worker.run("first");
  const auto second = worker.run("second", "succeed", {first.id});
  EXPECT_EQ(exit_code(go({first, second})), 0);
  EXPECT_TRUE(worker.starts()[1].ends_with("--input " + first.id.key + "=" +
                                           directory(first).weights_file().string()));
}

TEST_F(Launch, ChangedWeightsAreNotUsed) {
  const auto first = worker.run("first");
  const auto second = worker.run("second", "succeed", {first.id});
  go({first});
  std::ofstream(directory(first).weights_file()) << "other";
  EXPECT_EQ(exit_code(go({second})), 5);
  EXPECT_EQ(end_of(second).outcome, Outcome::kFailed);
  EXPECT_EQ(worker.starts().size(), 1u);
}

TEST_F(Launch, ARecordThatMissedTheDatabaseIsTakenWithoutAWorker) {
  const auto run = worker.run("a");
  go({run});
  store.remove(run.id);
  EXPECT_EQ(exit_code(go({run})), 0);
  EXPECT_TRUE(store.has(run.id));
  EXPECT_EQ(worker.starts().size(), 1u);
}

TEST_F(Launch, ARunAskedForAgainMovesTheOldAside) {
  auto run = worker.run("a");
  go({run});
  std::ofstream(directory(run).path() / "mark") << "old";
  run.redo = true;
  EXPECT_EQ(exit_code(go({run})), 0);
  EXPECT_EQ(worker.starts().size(), 2u);
  EXPECT_FALSE(fs::exists(directory(run).path() / "mark"));
  EXPECT_EQ(run_directories(options.workspace).size(), 1u);
  EXPECT_EQ(store.runs().size(), 1u);
}

TEST_F(Launch, AFullDiskStopsBeforeAnythingStarts) {
  options.min_free_bytes = int64_t{1} << 60;
  try {
    go({worker.run("a")});
    FAIL() << "was started";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
  }
  EXPECT_TRUE(worker.starts().empty());
}

TEST_F(Launch, AWorkerThatCannotBeExecutedIsAFailure) {
  options.worker = dir / "absent";
  const auto run = worker.run("a");
  EXPECT_EQ(exit_code(go({run})), 1);
  EXPECT_NE(end_of(run).reason.find("cannot be executed"), std::string::npos);
}

}  // namespace mra
