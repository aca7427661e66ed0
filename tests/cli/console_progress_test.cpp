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
std::string told(size_t width, ConsoleProgress::Detail detail, Outcome outcome) {
  ::testing::internal::CaptureStderr();
  {
    ConsoleProgress progress("out", width, /*color=*/false, detail);
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
