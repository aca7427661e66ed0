#include "harness/base/disk.h"
#include "harness/base/file.h"
#include "harness/record/trace.h"
#include "harness/train/checkpoint.h"
#include "tests/train/attempts.h"

namespace mra {
namespace {

TEST(Trainer, LearnsWhatCanBeLearnt) {
  Attempts run(tiny_recipe());
  run.recipe.epochs = 20;
  const TrainResult result = run.attempt();
  const Curve& loss = result.curves.at("train_loss");
  ASSERT_EQ(loss.size(), 20u);
  EXPECT_EQ(loss.front().first, 1.0);
  EXPECT_LT(loss.back().second, 0.7 * loss.front().second);
  EXPECT_GE(result.metrics.at("top1/best"), result.metrics.at("top1"));
  EXPECT_EQ(run.count("epoch"), 20);
}

TEST(Trainer, KeepsWhichPicturesWereRightAtTheEndAndAtBest) {
  for (const Recipe& recipe : {tiny_recipe(), tiny_adamw_recipe(), tiny_best_recipe()}) {
    const TrainResult result = Attempts(recipe).attempt();
    for (const std::string metric : {"top1", "top1/best"}) {
      const std::vector<bool>& right = result.right.at(metric);
      const auto count = std::count(right.begin(), right.end(), true);
      EXPECT_EQ(100.0 * double(count) / TinyTask::kBatch, result.metrics.at(metric)) << metric;
    }
  }
}

TEST(Trainer, ACheckpointOfAnEarlierVersionKnowsNotWhatWasRightAtBest) {
  Attempts run(tiny_best_recipe());
  run.attempt(19);
  JournalWriter journal(run.directory.journal_file());
  Checkpoint old = *load_checkpoint(run.checkpoint(), journal);
  old.state.erase("best_right");
  save_checkpoint(run.checkpoint(), old);
  const TrainResult result = run.attempt();
  const bool last_is_best = result.metrics.at("best_epoch") == 4;
  EXPECT_EQ(result.right.size(), last_is_best ? 2u : 0u);
  EXPECT_TRUE(result.finished);
}

class TrainerResume : public ::testing::TestWithParam<std::vector<int64_t>> {};

TEST_P(TrainerResume, InterruptedRunsEndWithTheSameBits) {
  for (const Recipe& recipe : {tiny_recipe(), tiny_adamw_recipe(), tiny_best_recipe()}) {
    Attempts whole(recipe), pieces(recipe);
    const TrainResult expected = whole.attempt();
    for (const int64_t stop_at : GetParam()) {
      EXPECT_FALSE(pieces.attempt(stop_at).finished);
      EXPECT_EQ(pieces.events().back(), "stop");
    }
    const TrainResult result = pieces.attempt();
    expect_same_outcome(whole, expected, pieces, result);
    EXPECT_EQ(result.attempts, int64_t(GetParam().size()) + 1);
  }
}

INSTANTIATE_TEST_SUITE_P(StopPoints, TrainerResume,
                         ::testing::Values(std::vector<int64_t>{0}, std::vector<int64_t>{1},
                                           std::vector<int64_t>{4}, std::vector<int64_t>{5},
                                           std::vector<int64_t>{7, 8, 13},
                                           std::vector<int64_t>{19}));

TEST(Trainer, InterruptedRunsLeaveTheTraceOfAnUndisturbedOne) {
  Attempts whole(tiny_recipe()), pieces(tiny_recipe());
  whole.attempt();
  for (const int64_t stop_at : {1, 7, 8, 13}) pieces.attempt(stop_at);
  pieces.attempt();
  const Trace expected = read_trace(whole.directory.trace_file());
  const Trace trace = read_trace(pieces.directory.trace_file());
  EXPECT_EQ(expected.losses.size(), 20u);
  EXPECT_EQ(expected.tensors.size(), 3u);  // after 1, 10 and 20 steps
  EXPECT_EQ(trace.losses, expected.losses);
  EXPECT_FALSE(trace.disagreed_at);
  const TraceComparison comparison = compare(expected, trace);
  EXPECT_TRUE(comparison.identical()) << comparison.what;
}

TEST(Trainer, ATraceNamesTheTensorThatChanged) {
  Attempts whole(tiny_recipe()), other(tiny_recipe());
  whole.attempt();
  other.attempt(4);
  JournalWriter journal(other.directory.journal_file());
  Checkpoint changed = *load_checkpoint(other.checkpoint(), journal);
  changed.tensors.at("model/fc.bias")[0] += 1e-6;
  save_checkpoint(other.checkpoint(), changed);
  other.attempt();
  const TraceComparison comparison =
      compare(read_trace(whole.directory.trace_file()), read_trace(other.directory.trace_file()));
  EXPECT_EQ(comparison.first_step, 5);
  EXPECT_EQ(comparison.what, "loss");
}

TEST(Trainer, StopsAfterTheStepItIsTold) {
  Attempts run(tiny_recipe());
  EXPECT_FALSE(run.attempt(-1, /*until_step=*/7).finished);
  EXPECT_EQ(read_journal(run.directory.journal_file()).back().fields["step"], 7);
  EXPECT_TRUE(run.attempt().finished);
}

TEST(Trainer, ARunKilledWithoutWarningEndsWithTheSameBits) {
  Attempts whole(tiny_recipe()), killed(tiny_recipe());
  const TrainResult expected = whole.attempt();
  // What a killed process leaves: the checkpoint of the last whole epoch.
  killed.attempt(10);
  const std::string at_epoch_2 = read_file(killed.checkpoint());
  killed.attempt(13);
  write_file_atomically(killed.checkpoint(), at_epoch_2);
  expect_same_outcome(whole, expected, killed, killed.attempt());
}

TEST(Trainer, EpochsThatTheJournalLacksAreTold) {
  Attempts run(tiny_recipe());
  run.attempt(13);
  run.attempt(14);
  EXPECT_EQ(run.count("warning"), 0);
  const std::string whole = read_file(run.directory.journal_file());
  const size_t second_epoch = whole.rfind('\n', whole.find("\"epoch\":2")) + 1;
  write_file_atomically(run.directory.journal_file(), whole.substr(0, second_epoch));
  EXPECT_TRUE(run.attempt().finished);
  EXPECT_EQ(run.count("warning"), 1);
}

TEST(Trainer, ADivergedRunFailsAndNamesTheStep) {
  Attempts run(tiny_recipe());
  try {
    TinyTask task;
    task.diverge_at = 7;
    JournalWriter journal(run.directory.journal_file());
    train(task, run.recipe, {torch::kCPU, run.directory, journal, run.progress, run.stop});
    FAIL() << "a nan was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kFailure);
    EXPECT_NE(error.what_happened.find("loss is nan at step 7 (epoch 1)"), std::string::npos)
        << error.what_happened;
  }
}

TEST(Trainer, WeightsThatOverflowInTheLastStepFailTheRun) {
  Attempts run(tiny_recipe());
  TinyTask task;
  task.on_step = [&task](const Step& step) {
    const torch::NoGradGuard no_grad;
    if (step.step == 19) task.net->fc->weight[0][0] = std::numeric_limits<float>::infinity();
  };
  JournalWriter journal(run.directory.journal_file());
  EXPECT_THROW(
      train(task, run.recipe, {torch::kCPU, run.directory, journal, run.progress, run.stop}),
      Error);
}

TEST(Trainer, EvaluationSeesTheAveragedWeightsAndTrainingDoesNot) {
  Attempts plain(tiny_recipe()), averaged(tiny_recipe());
  averaged.recipe.ema_decay = 0.99;
  const TrainResult without = plain.attempt(), with = averaged.attempt();
  EXPECT_EQ(without.curves.at("train_loss"), with.curves.at("train_loss"));
  EXPECT_NE(without.curves.at("loss"), with.curves.at("loss"));
  averaged.task->module().eval();
  EXPECT_EQ(averaged.task->evaluate(), last_evaluation(with)) << "what was judged is what is kept";
}

TEST(Trainer, EvaluatesAsOftenAsTheRecipeSaysAndAtTheEnd) {
  Attempts run(tiny_recipe());
  run.recipe.evaluate_every_epochs = 3;
  const Curve curve = run.attempt().curves.at("top1");
  ASSERT_EQ(curve.size(), 2u);
  EXPECT_EQ(curve[0].first, 3.0);
  EXPECT_EQ(curve[1].first, 4.0);
}

TEST(Trainer, EvaluatesAfterStepsWhereTheRecipeCountsThem) {
  Attempts run(tiny_recipe());  // 20 steps, 5 an epoch
  run.recipe.evaluate_every_steps = 8;
  run.recipe.late_evaluate_every_steps = 3;
  const TrainResult result = run.attempt();
  std::vector<double> epochs;
  for (const auto& [epoch, value] : result.curves.at("top1")) epochs.push_back(epoch);
  // After steps 0, 8, and of the last fifth 18; then the end, which does not enter the summary.
  EXPECT_EQ(epochs, (std::vector<double>{0.2, 1.8, 3.8, 4.0}));
  EXPECT_EQ(run.count("evaluation"), 3);
  EXPECT_EQ(result.metrics.at("top1/last"), result.curves.at("top1")[2].second);
  EXPECT_EQ(result.metrics.at("top1"), result.curves.at("top1")[3].second);
}

TEST(Trainer, EndsWithTheFirstBestWeightsWhereTheRecipeKeepsThem) {
  Attempts run(tiny_best_recipe());
  const TrainResult result = run.attempt();
  const Curve& curve = result.curves.at("top1");
  size_t best = 0;
  for (size_t i = 1; i < curve.size(); ++i)
    if (curve[i].second > curve[best].second) best = i;
  ASSERT_LT(best + 1, curve.size()) << "the last must not be the best, or nothing is shown";
  EXPECT_EQ(result.metrics.at("best_epoch"), curve[best].first);
  EXPECT_EQ(result.metrics.at("top1"), curve[best].second);
  EXPECT_EQ(result.metrics.at("loss"), result.curves.at("loss")[best].second);
  run.task->module().eval();
  EXPECT_EQ(run.task->evaluate().at("loss"), result.metrics.at("loss"));
}

TEST(Trainer, WhatATaskObservesBecomesACurveOfMeans) {
  Attempts run(tiny_recipe());
  const TrainResult result = run.attempt();
  const Curve &seen = result.curves.at("seen_loss"), &loss = result.curves.at("train_loss");
  ASSERT_EQ(seen.size(), loss.size());
  for (size_t i = 0; i < seen.size(); ++i) EXPECT_NEAR(seen[i].second, loss[i].second, 1e-6);
}

}  // namespace
}  // namespace mra
