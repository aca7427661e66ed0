#include "harness/run/retry.h"

#include <gtest/gtest.h>

namespace mra {

namespace {

JournalEvent failure(FailureCause cause, const std::string& event = "fail") {
  return {0, "", event, {{"where", "here"}, {"what", "it broke"}, {"cause", name(cause)}}};
}

JournalEvent epoch(int64_t number) {
  return {0, "", "epoch", {{"epoch", number}}};
}

const JournalEvent kStart{0, "", "start", Json::object()};

bool retried(std::vector<JournalEvent> events) {
  return is_retried(failure_history(events));
}

}  // namespace

TEST(FailureCauseNames, AreReadAsTheyAreWritten) {
  for (const char* text : {"out_of_memory", "non_finite", "bad_data", "io", "machine", "spec",
                           "lost_worker", "defect"}) {
    ASSERT_TRUE(failure_cause(text).has_value()) << text;
    EXPECT_STREQ(name(*failure_cause(text)), text);
  }
  EXPECT_FALSE(failure_cause("bad luck").has_value());
}

TEST(Retry, ALostWorkerIsReplacedTwice) {
  const JournalEvent lost = failure(FailureCause::kLostWorker, "died");
  EXPECT_TRUE(retried({kStart, lost}));
  EXPECT_TRUE(retried({kStart, lost, kStart, lost}));
  EXPECT_FALSE(retried({kStart, lost, kStart, lost, kStart, lost}));
}

TEST(Retry, ProgressGivesAllTriesBack) {
  const JournalEvent lost = failure(FailureCause::kLostWorker, "died");
  EXPECT_TRUE(retried({epoch(1), lost, lost, lost, epoch(2), lost}));
  EXPECT_FALSE(retried({epoch(2), lost, epoch(2), lost, epoch(1), lost}))
      << "an epoch done again is no progress";
}

TEST(Retry, WithoutMemoryItIsTriedOnceMoreAlone) {
  const JournalEvent memory = failure(FailureCause::kOutOfMemory);
  EXPECT_TRUE(retried({memory}));
  EXPECT_FALSE(retried({memory, kStart, memory}));
  EXPECT_TRUE(retry_rule(FailureCause::kOutOfMemory).alone);
  EXPECT_NE(retry_text(failure_history({memory}), "no memory").find("no other run beside it"),
            std::string::npos);
}

TEST(Retry, CausesThatAlternateEndToo) {
  const JournalEvent lost = failure(FailureCause::kLostWorker, "died");
  const JournalEvent memory = failure(FailureCause::kOutOfMemory);
  EXPECT_FALSE(retried({lost, memory}));
  EXPECT_FALSE(retried({memory, lost, memory, lost}));
}

TEST(Retry, AFullDiskBeforeTakesNoTryAway) {
  const JournalEvent full = failure(FailureCause::kIo);
  EXPECT_TRUE(retried({full, full, full, failure(FailureCause::kLostWorker, "died")}));
}

TEST(Retry, OtherCausesAreLeftToAPerson) {
  for (const auto cause : {FailureCause::kNonFinite, FailureCause::kBadData, FailureCause::kIo,
                           FailureCause::kMachine, FailureCause::kSpec, FailureCause::kDefect})
    EXPECT_FALSE(retried({failure(cause)})) << name(cause);
  EXPECT_FALSE(retried({}));
}

TEST(Retry, AStopOfAPersonAndJournalsOfOlderProgramsDoNotCount) {
  const JournalEvent killed{0, "", "died", {{"what", "killed on the second request to stop"}}};
  const JournalEvent odd{0, "", "fail", "no object"};
  EXPECT_EQ(failure_history({killed, odd, kStart}).in_a_row, 0);
}

TEST(Retry, ARepeatIsToldWhatHappenedBefore) {
  EXPECT_EQ(failed_before_text(failure_history({kStart})), "");
  EXPECT_EQ(failed_before_text(failure_history({failure(FailureCause::kIo), kStart})),
            "failed before: here: it broke (input/output); it is tried again");
  EXPECT_NE(failed_before_text(failure_history({failure(FailureCause::kNonFinite)}))
                .find("will fail again"),
            std::string::npos);
}

TEST(Retry, AdviceTakesThePlaceOfTheCureWhereThereIsOne) {
  ExecutedRun run;
  run.cure = "as the error says";
  run.cause = FailureCause::kBadData;
  give_advice(run);
  EXPECT_EQ(run.cure, "as the error says");
  run.cause = FailureCause::kOutOfMemory;
  give_advice(run);
  EXPECT_NE(run.cure.find("--jobs"), std::string::npos);
  EXPECT_NE(run.cure.find("batch size"), std::string::npos);
}

TEST(LastLines, AreTheLogsWithoutTimesAndLevels) {
  EXPECT_EQ(last_lines("[2026-01-02 03:04:05.678] [harness-worker] [warning] a: odd\n"
                       "[2026-01-02 03:04:05.679] [harness-worker] [error] b: wrong\n  fix: c\n\n"),
            "a: odd\nb: wrong\n  fix: c");
  EXPECT_EQ(last_lines("terminate called [error] without a mark"),
            "terminate called [error] without a mark");
  const std::string long_log(1000, 'x');
  EXPECT_EQ(last_lines(long_log), "…" + std::string(600, 'x'));
}

}  // namespace mra
