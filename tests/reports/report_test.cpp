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
  EXPECT_EQ(cell(made, 0).state, "done");
  EXPECT_DOUBLE_EQ(cell(made, 0).measured->mean, 72);
  EXPECT_DOUBLE_EQ(*cell(made, 0).measured->sd, 2);
  EXPECT_EQ(cell(made, 0).measured->values, (std::vector<double>{70, 72, 74}));
  EXPECT_EQ(cell(made, 1).state, "pending");
  EXPECT_FALSE(cell(made, 1).measured);
}

TEST_F(Report, ASingleSeedHasNoDeviationAndAsksForTheOthers) {
  store.ingest(tiny_record("Baseline", 1, 70));
  EXPECT_FALSE(cell(report(), 0).measured->sd);
  EXPECT_EQ(cell(report(), 0).state, "partial");
  EXPECT_EQ(cell(report(), 0).pending_seeds, (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(cell(report({.seeds = {1}, .deviations = {}, .workspace = {}}), 0).state, "done");
}

TEST_F(Report, OnlyTheSeedsAskedForCount) {
  store.ingest(tiny_record("Baseline", 0, 70));
  store.ingest(tiny_record("Baseline", 7, 80));
  EXPECT_DOUBLE_EQ(cell(report(), 0).measured->mean, 75);
  EXPECT_DOUBLE_EQ(
      cell(report({.seeds = {0}, .deviations = {}, .workspace = {}}), 0).measured->mean, 70);
  EXPECT_FALSE(cell(report({.seeds = {5}, .deviations = {}, .workspace = {}}), 0).measured);
}

TEST_F(Report, AMetricThatNoRunHasIsNeverFilled) {
  table.columns[0].metric = "top5";
  for (const int64_t seed : {0, 1, 2}) store.ingest(tiny_record("Baseline", seed));
  EXPECT_EQ(cell(report(), 0).state, "pending");
  EXPECT_FALSE(cell(report(), 0).measured);
}

TEST_F(Report, ADoubtAboutAPrintedFigureIsAFootnote) {
  table.rows[1].cells[0].paper->note = "another publication prints 77.5";
  const std::string text = render_markdown({report()});
  EXPECT_NE(text.find("77.87 [2] |"), std::string::npos) << text;
  EXPECT_NE(text.find("[2] another publication prints 77.5"), std::string::npos) << text;
}

TEST_F(Report, MarkdownReadsAsItStands) {
  for (const int64_t seed : {0, 1, 2})
    store.ingest(tiny_record("Baseline", seed, 70 + double(seed) * 2));
  store.ingest(tiny_record("Mask Low", 0, 71.234));
  EXPECT_EQ(render_markdown({report()}), R"(## Table 6: Masking strategies

Scale: smoke. Seeds: 0, 1, 2. Measured: mean ± standard deviation over n seeds.
The paper's figures are of its own data and recipe: at scale smoke compare the order.

|              | Top-1 (%), paper | Top-1 (%), measured |
|:------------ | ----------------:| -------------------:|
| Baseline [1] |            76.31 |  72.00 ± 2.00 (n=3) |
| Mask Low     |            77.87 |     71.23 (n=1) [2] |
| Mask High    |            75.99 |             pending |

[1] same figure as Table 1  
[2] not all seeds are in: 1, 2 pending  

Note: drawn pictures
)");
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
  EXPECT_EQ(cell(report({.seeds = {}, .deviations = {}, .workspace = dir.path()}), 2).state,
            "interrupted");
  EXPECT_EQ(cell(report(), 2).state, "pending");
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
