#include "harness/cli/console_progress.h"

#include <gtest/gtest.h>

#include "harness/cli/output.h"

namespace mra {
namespace {

PlannedRun planned() {
  PlannedRun run;
  run.id = {"0123456789abcdef", 0};
  run.experiment.name = "table6/Mask Low";
  run.experiment.recipe.epochs = 16;
  return run;
}

const ProgressUpdate kUpdate{
    .epoch = 3, .epochs = 16, .done_frac = 0.2, .images_per_s = 812, .loss = 1.5, .left_s = 65};

/// What is told of one run from its start to its end.
std::string told(size_t columns, ConsoleProgress::Detail detail, Outcome outcome) {
  ::testing::internal::CaptureStderr();
  {
    ConsoleProgress progress(
        "out", [columns] { return columns; }, /*color=*/false, detail);
    progress.run_started(planned(), 2, 5);
    progress.progress(planned(), 2, 5, kUpdate);
    ExecutedRun ended;
    ended.outcome = outcome;
    ended.wall_s = 42;
    ended.reason = outcome == Outcome::kDone ? "" : "killed by signal SIGKILL";
    ended.cure = outcome == Outcome::kDone ? "" : "repeat it";
    progress.run_ended(planned(), ended);
  }
  return ::testing::internal::GetCapturedStderr();
}

TEST(ConsoleProgress, WritesPlainLinesWithoutATerminal) {
  EXPECT_EQ(told(0, ConsoleProgress::Detail::kNormal, Outcome::kDone),
            "[2/5] table6/Mask Low seed 0  started\n"
            "[2/5] table6/Mask Low seed 0  done in 42 s\n");
}

TEST(ConsoleProgress, WritesOneLineOverOnATerminal) {
  const std::string text = told(100, ConsoleProgress::Detail::kNormal, Outcome::kDone);
  EXPECT_NE(text.find("\r\033[K[2/5] table6/Mask Low seed 0  epoch 3/16  loss 1.500  812 images/s  "
                      "1m05s left\r"),
            std::string::npos)
      << text;
  EXPECT_TRUE(text.ends_with("\r\033[K[2/5] table6/Mask Low seed 0  done in 42 s\n")) << text;
}

TEST(ConsoleProgress, NeverFillsTheLineOfATerminal) {
  const std::string text = told(30, ConsoleProgress::Detail::kNormal, Outcome::kDone);
  const size_t begin = text.find("\033[K") + 3;
  EXPECT_EQ(columns_of(text.substr(begin, text.find('\r', begin) - begin)), 29u) << text;
}

TEST(LiveText, KeepsLossAndTimeLeftInFewColumns) {
  const auto text = [](size_t width) {
    return live_text("[2/5]", "table6/Mask Low seed 0", kUpdate, width);
  };
  EXPECT_EQ(text(80),
            "[2/5] table6/Mask Low seed 0  epoch 3/16  loss 1.500  812 images/s  1m05s left");
  EXPECT_EQ(text(70), "[2/5] table6/Mask Low seed 0  epoch 3/16  loss 1.500  1m05s left");
  EXPECT_EQ(text(50), "[2/5] table6/…  epoch 3/16  loss 1.500  1m05s left");
  EXPECT_EQ(text(39), "[2/5] table6/M…  loss 1.500  1m05s left");
  for (size_t width = 0; width < 90; ++width) EXPECT_LE(columns_of(text(width)), width);
  ProgressUpdate waited = kUpdate;
  waited.data_wait_frac = 0.3;
  const std::string place = "[2/5]", label = "table6/Mask Low seed 0";
  EXPECT_EQ(
      live_text(place, label, waited, 120),
      "[2/5] table6/Mask Low seed 0  epoch 3/16  loss 1.500  812 images/s, 30 % of it waiting "
      "for pictures  1m05s left");
  EXPECT_EQ(live_text(place, label, waited, 80), text(80));
}

TEST(ConsoleProgress, FollowsTheWidthAndErasesWhatTheTerminalWrapped) {
  size_t columns = 100;
  ::testing::internal::CaptureStderr();
  {
    ConsoleProgress progress(
        "out", [&] { return columns; }, false, ConsoleProgress::Detail::kNormal);
    progress.run_started(planned(), 2, 5);
    progress.progress(planned(), 2, 5, kUpdate);
    columns = 40;
    progress.progress(planned(), 2, 5, kUpdate);
  }
  const std::string text = ::testing::internal::GetCapturedStderr();
  const std::string wide =
      "[2/5] table6/Mask Low seed 0  epoch 3/16  loss 1.500  812 images/s  1m05s left";
  ASSERT_EQ(columns_of(wide), 78u);  // two lines of 40 columns
  EXPECT_NE(text.find(wide + "\r\033[K\033[A\r\033[K[2/5] table6/M…  loss"), std::string::npos)
      << text;
}

TEST(ConsoleProgress, RunsAtATimeShareTheLine) {
  PlannedRun other = planned();
  other.id.seed = 1;
  ::testing::internal::CaptureStderr();
  {
    ConsoleProgress progress(
        "out", [] { return size_t(60); }, false, ConsoleProgress::Detail::kNormal);
    progress.run_started(planned(), 1, 2);
    progress.run_started(other, 2, 2);
    progress.progress(other, 2, 2, kUpdate);
  }
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("[1/2] table6/Mask Low s… 0 %  [2/2] table6/Mask Low … 20 %"),
            std::string::npos)
      << text;
}

TEST(ConsoleProgress, TellsWhyARunFailedWithCureAndLogEvenWhenQuiet) {
  for (const auto detail : {ConsoleProgress::Detail::kQuiet, ConsoleProgress::Detail::kNormal}) {
    const std::string text = told(0, detail, Outcome::kDied);
    for (const char* word : {"died: killed by signal SIGKILL", "fix: repeat it", "worker.log"})
      EXPECT_NE(text.find(word), std::string::npos) << text;
  }
  EXPECT_EQ(told(0, ConsoleProgress::Detail::kQuiet, Outcome::kDone), "");
}

}  // namespace
}  // namespace mra
