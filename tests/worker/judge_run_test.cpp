#include "harness/worker/judge_run.h"

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/record/journal.h"
#include "tests/worker/tiny_worker_run.h"

namespace mra {

namespace fs = std::filesystem;

/// Judges tiny runs of Table 6.
class JudgeRun : public TinyWorkerRun {
 protected:
  int judge(const RunDirectory& directory, const std::vector<std::string>& judges,
            bool stop = false) const {
    const std::atomic<bool> flag{stop};
    return judge_run(options_of(directory), judges, flag);
  }
  const RunDirectory& trained() {
    if (!trained_) {
      trained_ = prepare(row("Baseline"), "baseline");
      EXPECT_EQ(run(*trained_), 0);
    }
    return *trained_;
  }

  static constexpr char kThroughput[] =
      R"({"throughput": {"warmup_steps": 1, "windows": 3, "window_steps": 2}})";
  std::optional<RunDirectory> trained_;
};

TEST_F(JudgeRun, LeavesAJudgementBesideAnUnchangedRecord) {
  const std::string before = read_file((trained().record_file()));
  ASSERT_EQ(judge(trained(), {kThroughput}), 0);
  EXPECT_EQ(read_file(trained().record_file()), before);
  const auto record = trained().record();
  ASSERT_EQ(record->judgements.size(), 1u);
  const Judgement& judgement = record->judgements[0];
  EXPECT_EQ(judgement.evaluator, "throughput");
  EXPECT_EQ(judgement.options["windows"], 3);
  EXPECT_EQ(judgement.weights_sha256, record->weights_sha256);
  EXPECT_GT(judgement.metrics.at("throughput/train_images_per_s"), 0);
  EXPECT_GE(judgement.metrics.at("throughput/train_images_per_s_ci95"), 0);
  EXPECT_EQ(judgement.details["images_per_s_of_windows"].size(), 3u);
  EXPECT_EQ(judgement.environment["dataset"]["name"], "shapes");
}

TEST_F(JudgeRun, WhatIsJudgedIsNotJudgedAgain) {
  ASSERT_EQ(judge(trained(), {kThroughput}), 0);
  const auto first = trained().record()->judgements.at(0);
  ASSERT_EQ(judge(trained(), {kThroughput}), 0);
  EXPECT_EQ(to_json(trained().record()->judgements.at(0)), to_json(first));
}

TEST_F(JudgeRun, ADamagedJudgementIsKeptAsideAndMadeAgain) {
  ASSERT_EQ(judge(trained(), {kThroughput}), 0);
  const fs::path file =
      trained().judgement_file(judgement_id("throughput", Json::parse(kThroughput)["throughput"]));
  write_file_atomically(file, "{");
  ASSERT_EQ(judge(trained(), {kThroughput}), 0);
  EXPECT_EQ(trained().record()->judgements.size(), 1u);
  EXPECT_EQ(read_file(file.string() + ".damaged"), "{");
}

TEST_F(JudgeRun, StopsBetweenJudges) {
  EXPECT_EQ(judge(trained(), {kThroughput}, /*stop=*/true), 75);
  EXPECT_TRUE(trained().record()->judgements.empty());
}

TEST_F(JudgeRun, ARunThatIsNotTrainedIsAnError) {
  EXPECT_EQ(judge(prepare(row("Baseline"), "pending"), {kThroughput}), 1);
}

TEST_F(JudgeRun, ChangedWeightsAreRefused) {
  write_file_atomically(trained().weights_file(), "other weights");
  EXPECT_EQ(judge(trained(), {kThroughput}), 5);
  EXPECT_EQ(read_journal(trained().journal_file()).back().fields["where"],
            trained().weights_file().string());
}

TEST_F(JudgeRun, TheErrorOfAWholeHoleIsThatOfTheRecord) {
  ASSERT_EQ(judge(trained(), {R"({"occlusion": {"step_px": 8, "fill": "black"}})"}), 0);
  const auto record = trained().record();
  const Metrics& metrics = record->judgements.at(0).metrics;
  EXPECT_EQ(metrics.size(), 5u) << "0, 8, 16, 24 and 32 px";
  EXPECT_EQ(metrics.at("occlusion/top1_error_32"), 100 - record->metrics.at("top1"));
  EXPECT_EQ(metrics.at("occlusion/top1_error_0"), 90) << "of ten classes one answer for all";
}

TEST_F(JudgeRun, StepsThatMissTheWholePictureAreRefused) {
  EXPECT_EQ(judge(trained(), {R"({"occlusion": {"step_px": 5}})"}), 2);
  EXPECT_TRUE(trained().record()->judgements.empty());
}

TEST_F(JudgeRun, AnUnknownOptionIsToldByItsPlace) {
  EXPECT_EQ(judge(trained(), {R"({"throughput": {"windws": 3}})"}), 2);
  const Json told = read_journal(trained().journal_file()).back().fields;
  EXPECT_NE(told["where"].get<std::string>().find("/evaluate/throughput"), std::string::npos);
  EXPECT_NE(told["cure"].get<std::string>().find("windows"), std::string::npos);
}

}  // namespace mra
