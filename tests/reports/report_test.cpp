#include <cmath>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "reports/renderers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

class Report : public testing::Test {
 protected:
  Report() {
    table.id = "table6";
    table.title = "Masking strategies";
    table.scale = "smoke";
    table.note = "drawn pictures";
    TableColumn& column = table.columns.emplace_back();
    column.name = column.metric = "top1";
    column.title = "Top-1";
    column.unit = "%";
    add_row("Baseline", 76.31, "same figure as Table 1");
    add_row("Mask Low", 77.87);
    add_row("Mask High", 75.99);
  }
  void add_row(const std::string& label, double paper, const std::string& note = "") {
    TableRow row;
    row.label = label;
    TableCell& cell = row.cells.emplace_back();
    cell.paper.emplace().value = paper;
    cell.experiment = 0;
    row.note = note;
    row.experiments.resize(1);
    row.experiments[0].key = tiny_record(label).key;
    row.experiments[0].seeds = {0, 1, 2};
    table.rows.push_back(row);
  }
  ReportTable report(const ReportOptions& options = {}) const {
    return make_report(table, store, options);
  }
  static ReportOptions of_seeds(std::vector<int64_t> seeds) {
    ReportOptions options;
    options.seeds = std::move(seeds);
    return options;
  }
  const ReportCell& cell(const ReportTable& made, size_t row) const {
    return made.rows[row].cells[0];
  }

  TempDir dir;
  ResultStore store{dir / "harness.db"};
  TableSpec table;
};

TEST_F(Report, MeanAndDeviationAreOverSeeds) {
  for (const int64_t seed : {0, 1, 2})
    store.ingest(tiny_record("Baseline", seed, 70 + double(seed) * 2));
  const ReportTable made = report();
  EXPECT_EQ(cell(made, 0).state, CellState::kDone);
  EXPECT_DOUBLE_EQ(cell(made, 0).measured->mean, 72);
  EXPECT_DOUBLE_EQ(*cell(made, 0).measured->sd, 2);
  EXPECT_NEAR(*cell(made, 0).measured->ci95, 4.968275, 1e-6);  // t = 4.302653 with 2 of freedom
  EXPECT_EQ(cell(made, 0).measured->values, (std::vector<double>{70, 72, 74}));
  EXPECT_EQ(cell(made, 1).state, CellState::kPending);
  EXPECT_FALSE(cell(made, 1).measured);
}

TEST_F(Report, ASingleSeedHasNoDeviationAndAsksForTheOthers) {
  store.ingest(tiny_record("Baseline", 1, 70));
  EXPECT_FALSE(cell(report(), 0).measured->sd);
  EXPECT_EQ(cell(report(), 0).state, CellState::kPartial);
  EXPECT_EQ(cell(report(), 0).pending_seeds, (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(cell(report(of_seeds({1})), 0).state, CellState::kDone);
}

TEST_F(Report, OnlyTheSeedsAskedForCount) {
  store.ingest(tiny_record("Baseline", 0, 70));
  store.ingest(tiny_record("Baseline", 7, 80));
  EXPECT_DOUBLE_EQ(cell(report(), 0).measured->mean, 75);
  EXPECT_DOUBLE_EQ(cell(report(of_seeds({0})), 0).measured->mean, 70);
  EXPECT_FALSE(cell(report(of_seeds({5})), 0).measured);
}

TEST_F(Report, ASingleSeedHasTheIntervalOverItsPictures) {
  const auto record = [](int64_t seed) {
    RunRecord made = tiny_record("Baseline", seed, 50);
    made.environment["dataset"] = {{"val_pictures", 10}};
    return made;
  };
  store.ingest(record(0));
  const auto interval = cell(report(), 0).measured->over_pictures;
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 18.70860, 1e-5);
  EXPECT_NEAR(interval->high, 81.29140, 1e-5);
  EXPECT_NE(render_markdown({report()}).find("50.00 [18.71, 81.29] (n=1)"), std::string::npos);
  table.columns[0].unit = "images/s";
  EXPECT_FALSE(cell(report(), 0).measured->over_pictures);
  table.columns[0].unit = "%";
  store.ingest(record(1));
  EXPECT_FALSE(cell(report(), 0).measured->over_pictures);
}

TEST_F(Report, AMeanOfSeveralEvaluationsIsNoShareOfPictures) {
  table.columns[0].metric = "top1/tail_mean";
  RunRecord made = tiny_record("Baseline");
  made.environment["dataset"] = {{"val_pictures", 10}};
  made.metrics["top1/tail_mean"] = 50;
  store.ingest(made);
  ASSERT_TRUE(cell(report(), 0).measured);
  EXPECT_FALSE(cell(report(), 0).measured->over_pictures);
}

TEST_F(Report, FiguresAreHeldAgainstTheBaselineOfTheirGroup) {
  table.baseline = "Baseline";
  table.rows[2].group = "other";
  store.ingest(tiny_record("Baseline", 0, 70));
  store.ingest(tiny_record("Baseline", 1, 72));
  store.ingest(tiny_record("Mask Low", 0, 69.5));
  store.ingest(tiny_record("Mask High", 0, 80));
  const ReportTable made = report();
  EXPECT_FALSE(cell(made, 0).measured->to_baseline);
  EXPECT_DOUBLE_EQ(*cell(made, 1).measured->to_baseline, -1.5);
  EXPECT_FALSE(cell(made, 2).measured->to_baseline);
  EXPECT_NE(render_markdown({made}).find("69.50 (n=1), -1.50 to Baseline"), std::string::npos);
  EXPECT_EQ(to_json(made)["rows"][1]["cells"][0]["measured"]["to_baseline"], -1.5);
}

TEST_F(Report, AMissingFigureShowsTheCommandThatFillsIt) {
  ReportOptions options = of_seeds({0, 3});
  options.run_options = " --seeds 0,3";
  store.ingest(tiny_record("Baseline", 0));
  const std::string text = render_markdown({report(options)});
  const char* command = "fill it with harness run table6 --scale smoke --seeds 0,3  \n";
  EXPECT_NE(text.find(std::string("[3] ") + command), std::string::npos) << text;
  EXPECT_NE(text.find("[2] some seeds are missing: 3 pending; fill it with harness run"),
            std::string::npos)
      << text;
}

TEST_F(Report, AMetricThatNoRunHasIsNeverFilled) {
  table.columns[0].metric = "top5";
  for (const int64_t seed : {0, 1, 2}) store.ingest(tiny_record("Baseline", seed));
  EXPECT_EQ(cell(report(), 0).state, CellState::kPending);
  EXPECT_FALSE(cell(report(), 0).measured);
}

TEST_F(Report, IntervalsOverSeedsAndOverEpisodesAreNeverMixed) {
  table.columns[0].spread_metric = "episodes_ci95";
  for (const int64_t seed : {0, 1}) {
    RunRecord record = tiny_record("Baseline", seed, 70 + double(seed));
    record.metrics["episodes_ci95"] = 0.6 + 0.2 * double(seed);
    store.ingest(record);
  }
  const Measured measured = *cell(report(), 0).measured;
  EXPECT_NEAR(*measured.ci95, 12.706205 * std::sqrt(0.5) / std::sqrt(2), 1e-5);
  EXPECT_NEAR(*measured.within_run_ci95, 0.7, 1e-12);
}

TEST_F(Report, BestEpochsCountWhenEverySeedHasThem) {
  RunRecord record = tiny_record("Baseline", 0, 70);
  record.metrics["top1/best"] = 71;
  store.ingest(record);
  EXPECT_EQ(cell(report(), 0).measured->best_values, (std::vector<double>{71}));
  store.ingest(tiny_record("Baseline", 1, 70));
  EXPECT_TRUE(cell(report(), 0).measured->best_values.empty());
}

TEST_F(Report, RecordsOfTheRunsBehindItComeWhenAskedFor) {
  store.ingest(tiny_record("Baseline", 0, 70));
  store.ingest(tiny_record("Nobody", 0, 70));
  EXPECT_TRUE(report().records.empty());
  ReportOptions options;
  options.with_records = true;
  const auto records = report(options).records;
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].key, tiny_record("Baseline").key);
  EXPECT_EQ(to_json(report(options))["records"][0]["environment"]["commit"], "abc");
}

TEST_F(Report, JsonHasTheFieldsScriptsRelyOn) {
  store.ingest(tiny_record("Baseline", 0, 70.5));
  const Json json = Json::parse(render_json({report()}));
  EXPECT_EQ(json["schema_version"], 1);
  const Json& made = json["tables"][0];
  EXPECT_EQ(made["id"], "table6");
  EXPECT_EQ(made["scale"], "smoke");
  EXPECT_EQ(made["columns"][0]["name"], "top1");
  const Json& cell = made["rows"][0]["cells"][0];
  EXPECT_EQ(cell["paper"], 76.31);
  EXPECT_EQ(cell["measured"]["mean"], 70.5);
  EXPECT_TRUE(cell["measured"]["sd"].is_null());
  EXPECT_EQ(cell["measured"]["n"], 1);
  EXPECT_EQ(cell["measured"]["values"], Json({70.5}));
  EXPECT_EQ(cell["runs"], Json({tiny_record("Baseline").key}));
  EXPECT_EQ(cell["state"], "partial");
  EXPECT_TRUE(made["rows"][1]["cells"][0]["measured"].is_null());
}

TEST_F(Report, AFinishedRunThatWasNotJudgedByTheMetricIsPending) {
  table.columns[0].metric = "occlusion/top1_error_8";
  for (const int64_t seed : {0, 1, 2}) store.ingest(tiny_record("Baseline", seed));
  EXPECT_EQ(cell(report(), 0).state, CellState::kPending);
  EXPECT_EQ(cell(report(), 0).reason, "the runs were not judged by 'occlusion/top1_error_8'");
}

TEST_F(Report, TheSameDatabaseGivesTheSameBytes) {
  store.ingest(tiny_record("Mask Low", 1, 1.0 / 3));
  store.ingest(tiny_record("Mask Low", 0, 2.0 / 3));
  ResultStore other(dir / "other.db");
  other.ingest(tiny_record("Mask Low", 0, 2.0 / 3));
  other.ingest(tiny_record("Mask Low", 1, 1.0 / 3));
  for (const Renderer& format : renderers())
    EXPECT_EQ(format.render({report()}), format.render({make_report(table, other, {})}));
}

TEST_F(Report, WithAWorkspaceAFailedRunShows) {
  const auto path = RunDirectory::path_of(dir.path(), {tiny_record("Mask High").key, 0});
  std::filesystem::create_directories(path);
  write_file_atomically(path / "checkpoint.bin", "x");
  ReportOptions in_folders;
  in_folders.workspace = dir.path();
  EXPECT_EQ(cell(report(in_folders), 2).state, CellState::kInterrupted);
  EXPECT_EQ(cell(report(), 2).state, CellState::kPending);
}

TEST(Renderers, AnUnknownFormatNamesTheNearest) {
  EXPECT_STREQ(renderer("json").name, "json");
  try {
    renderer("markdwon");
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    EXPECT_NE(error.cure.find("markdown"), std::string::npos);
  }
}

}  // namespace mra
