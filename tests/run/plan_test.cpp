#include "harness/run/plan.h"

#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/store/work.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

/// Plans of Table 6: a baseline and three rows that start from one pretraining.
class Plans : public testing::Test {
 protected:
  Plan make(PlanOptions options = {}) {
    options.workspace = dir.path();
    if (options.seeds.empty()) options.seeds = {0, 1};
    return plan(library, {table}, store, options);
  }
  /// As if the run had been executed, with its weights.
  void finish(const ExperimentSpec& experiment, int64_t seed) {
    RunRecord record = tiny_record("x", seed);
    record.spec = experiment.resolved;
    record.key = experiment.key;
    record.experiment = experiment.name;
    store.ingest(record);
    const auto folder = RunDirectory::path_of(dir.path(), {record.key, seed});
    std::filesystem::create_directories(folder);
    std::ofstream(folder / record.weights_file) << "x";
  }
  static const PlannedRun& find(const Plan& made, const std::string& experiment) {
    for (const PlannedRun& run : made.runs)
      if (run.experiment.name == experiment) return run;
    throw std::runtime_error("not planned: " + experiment);
  }

  TempDir dir;
  ResultStore store{dir / "harness.db"};
  const SpecLibrary library{std::string(HARNESS_SOURCE_DIR) + "/experiments"};
  const TableSpec table = library.table("table6", "smoke");
  const ExperimentSpec pretraining = library.experiment("pretrain/mae_mini_r40", "smoke");
};

TEST_F(Plans, EstimatesRestOnRatesOfThisMachine) {
  const ExperimentSpec& baseline = table.rows[0].experiments[0];
  Rate rate;
  rate.machine = "AMD, 2 cores";
  rate.work = work_of(baseline.resolved);
  rate.images_per_s = 100;
  rate.basis = "measured with 10 steps";
  rate.measured_utc = "2026-01-02T03:04:05Z";
  store.put_rate(rate);
  PlanOptions options;
  options.machine = rate.machine;
  const auto measured = find(make(options), "table6/Baseline").estimate;
  ASSERT_TRUE(measured);
  EXPECT_DOUBLE_EQ(measured->seconds, *pictures_of(baseline.resolved) / 100);
  EXPECT_EQ(measured->basis, "at 100 images/s measured with 10 steps");
  rate.source = RateSource::kRun;  // a whole run tells more
  rate.images_per_s = 50;
  rate.basis = "of table6/Baseline s7";
  store.put_rate(rate);
  EXPECT_DOUBLE_EQ(find(make(options), "table6/Baseline").estimate->seconds,
                   *pictures_of(baseline.resolved) / 50);
  options.machine = "another";
  EXPECT_FALSE(find(make(options), "table6/Baseline").estimate);
}

TEST(Work, IsEqualWhereADefaultIsWrittenAndKnowsThreads) {
  Json spec = {{"task", "supervised"},
               {"dataset", {{"kind", "shapes"}, {"train_pictures", 100}}},
               {"recipe", {{"epochs", 2}, {"batch_size", 32}, {"lr", 0.1}}}};
  const std::string work = work_of(spec);
  EXPECT_EQ(pictures_of(spec), 192);  // three whole batches an epoch
  Json written = spec;
  written["recipe"].update({{"precision", "fp32"}, {"optimizer", "sgd"}, {"drop_last", true}});
  EXPECT_EQ(work_of(written), work);
  EXPECT_EQ(pictures_of(written), 192);
  written["recipe"]["threads"] = 1;
  EXPECT_NE(work_of(written), work);
  spec["recipe"]["drop_last"] = false;
  EXPECT_EQ(pictures_of(spec), 200);
}

TEST_F(Plans, DependenciesComeFirstAndOnce) {
  const Plan made = make();
  EXPECT_EQ(made.runs.size(), 4u * 2 + 1);
  std::set<RunId> seen;
  for (const PlannedRun& run : made.runs) {
    for (const RunId& id : run.depends_on) EXPECT_TRUE(seen.count(id)) << run.experiment.name;
    EXPECT_TRUE(seen.insert(run.id).second) << text(run.id);
  }
  const PlannedRun& shared = find(made, "pretrain/mae_mini_r40");
  EXPECT_EQ(shared.needed_by, (std::vector<std::string>{"table6/Mask Low", "table6/Mask High",
                                                        "table6/Mask Random"}));
  EXPECT_EQ(find(made, "table6/Mask Low").depends_on, std::vector<RunId>{shared.id});
  EXPECT_EQ(find(made, "table6/Baseline").reason, "no record of this run");
}

TEST_F(Plans, RecordedRunsAreLeftOut) {
  finish(pretraining, pretraining.seeds.front());
  finish(table.rows[0].experiments[0], 0);
  const Plan made = make();
  EXPECT_EQ(made.runs.size(), 3u * 2 + 1);
  EXPECT_EQ(find(made, "table6/Baseline").id.seed, 1);
  EXPECT_EQ(find(made, "table6/Mask Low").depends_on.size(), 1u);
  for (const TableRow& row : table.rows)
    for (const int64_t seed : {0, 1}) finish(row.experiments[0], seed);
  EXPECT_TRUE(make().runs.empty());
}

TEST_F(Plans, TheReasonNamesTheNearestRecord) {
  finish(table.rows[0].experiments[0], 0);
  const Plan made = make();
  EXPECT_EQ(find(made, "table6/Baseline").reason, "no record with this seed; seed 0 is recorded");
  EXPECT_EQ(find(made, "table6/Baseline").estimate->seconds, 12.5);
  const std::string reason = find(made, "table6/Mask Low").reason;
  EXPECT_NE(reason.find("nearest is table6/Baseline"), std::string::npos) << reason;
  EXPECT_NE(reason.find("/batch_transforms"), std::string::npos) << reason;
  EXPECT_FALSE(find(made, "pretrain/mae_mini_r40").estimate);
}

TEST_F(Plans, LostWeightsAreMadeAgain) {
  finish(pretraining, pretraining.seeds.front());
  const RunId id{pretraining.key, pretraining.seeds.front()};
  std::filesystem::remove_all(RunDirectory::path_of(dir.path(), id));
  const Plan made = make();
  EXPECT_TRUE(find(made, "pretrain/mae_mini_r40").redo);
}

TEST_F(Plans, FreshAsksForEverythingAgain) {
  finish(pretraining, pretraining.seeds.front());
  for (const TableRow& row : table.rows)
    for (const int64_t seed : {0, 1}) finish(row.experiments[0], seed);
  PlanOptions options;
  options.fresh = true;
  const Plan made = make(options);
  EXPECT_EQ(made.runs.size(), 4u * 2 + 1);
  for (const PlannedRun& run : made.runs) EXPECT_TRUE(run.redo);
}

TEST_F(Plans, WhatCannotRunHereIsToldAndNotPlanned) {
  PlanOptions options;
  options.unavailable = [](const ExperimentSpec& experiment) {
    const Error error(ErrorKind::kEnvironment, "", "no such data", "get it");
    return experiment.task == "mae_pretrain" ? std::optional(error) : std::nullopt;
  };
  const Plan made = make(options);
  EXPECT_EQ(made.runs.size(), 2u);
  ASSERT_EQ(made.unavailable.size(), 3u * 2);
  EXPECT_EQ(made.unavailable[0].needed_by, "table6/Mask Low");
  EXPECT_EQ(made.unavailable[0].reason, "pretrain/mae_mini_r40: no such data");
  EXPECT_FALSE(made.unavailable[0].error.cure.empty());
}

TEST_F(Plans, PlanningWritesNothing) {
  TempDir empty;
  const auto none = ResultStore::open_read_only(empty / "harness.db");
  PlanOptions options;
  options.workspace = empty.path();
  EXPECT_FALSE(plan(library, {table}, none, options).runs.empty());
  EXPECT_TRUE(std::filesystem::is_empty(empty.path()));
}

TEST_F(Plans, RowsAreChosenByLabel) {
  EXPECT_EQ(select_rows({table}, {}).at(0).rows.size(), 4u);
  EXPECT_EQ(select_rows({table}, {"Mask Low"}).at(0).rows.size(), 1u);
  try {
    select_rows({table}, {"Mask Lo"});
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    EXPECT_NE(error.cure.find("Mask Low"), std::string::npos);
  }
}

/// Plans of Figure 4, whose rows judge runs of Table 1.
class JudgingPlans : public Plans {
 protected:
  const TableSpec figure = library.table("figure4", "smoke");

  Plan make_figure() {
    PlanOptions options;
    options.workspace = dir.path();
    return plan(library, {figure}, store, options);
  }
};

TEST_F(JudgingPlans, AModelIsTrainedOnceAndThenJudged) {
  const Plan made = make_figure();
  size_t trained = 0, judged = 0;
  std::set<RunId> ready;
  for (const PlannedRun& run : made.runs) {
    for (const RunId& id : run.depends_on) EXPECT_TRUE(ready.count(id)) << run.experiment.name;
    if (run.trains()) ready.insert(run.id);
    ++(run.trains() ? trained : judged);
  }
  EXPECT_EQ(trained, figure.rows.size() + 1) << "and one pretraining";
  EXPECT_EQ(judged, figure.rows.size());
  EXPECT_EQ(made.runs.back().reason, "to be judged by occlusion");
}

TEST_F(JudgingPlans, ARecordedModelIsOnlyJudged) {
  const ExperimentSpec& baseline = figure.rows[0].experiments[0];
  finish(baseline, 0);
  Plan made = make_figure();
  const PlannedRun& run = find(made, baseline.name);
  EXPECT_FALSE(run.trains());
  EXPECT_EQ(run.depends_on, std::vector<RunId>{run.id});
  RunRecord record = *store.run(run.id);
  Judgement judgement = tiny_judgement();
  judgement.options = run.judges.at(0).options;
  record.judgements = {judgement};
  store.ingest(record);
  made = make_figure();
  EXPECT_THROW(find(made, baseline.name), std::runtime_error) << "all of it is known";
  EXPECT_EQ(made.runs.back().estimate->seconds, judgement.wall_s);
}

}  // namespace mra
