#include "reports/layout.h"

#include <gtest/gtest.h>

#include "reports/renderers.h"

namespace mra {

namespace {

/// A table of one measured column, as make_report() would give it.
ReportTable small_table() {
  ReportTable table;
  table.id = "table8";
  table.title = "Cutout & others";
  table.scale = "smoke";
  TableColumn& column = table.columns.emplace_back();
  column.name = column.metric = "top1";
  column.title = "Top-1";
  column.unit = "%";
  return table;
}

ReportCell& add_row(ReportTable& table, const std::string& label, double paper) {
  ReportRow& row = table.rows.emplace_back(ReportRow{"", label, "", {}});
  ReportCell& cell = row.cells.emplace_back();
  cell.column = "top1";
  cell.paper.emplace().value = paper;
  cell.state = CellState::kPending;
  return cell;
}

void measure(ReportCell& cell, double mean) {
  cell.measured.emplace().mean = mean;
  cell.measured->values = {mean};
  cell.measured->seeds = {0};
  cell.state = CellState::kDone;
}

}  // namespace

TEST(Layout, AMeasuredColumnStandsBesideThePapers) {
  ReportTable table = small_table();
  ReportCell& cell = add_row(table, "MRA", 77.87);
  measure(cell, 72);
  cell.measured->sd = 2;
  cell.measured->ci95 = 4.97;
  cell.measured->best_values = {73};
  EXPECT_EQ(render_markdown({table}), R"(## Table 8: Cutout & others

Scale: smoke.
Measured: last epoch, mean ± standard deviation [95 % t-interval of the mean] over n seeds.
Best epoch: chosen on the same pictures.
The paper's figures are of its own data and recipe: at scale smoke compare the order.

|     | Top-1 (%), paper |               Top-1 (%), measured | Top-1 (%), best epoch |
|:--- | ----------------:| ---------------------------------:| ---------------------:|
| MRA |            77.87 | 72.00 ± 2.00 [67.03, 76.97] (n=1) |                 73.00 |
)");
}

TEST(Layout, APartialSetOfSeedsIsMarked) {
  ReportTable table = small_table();
  ReportCell& cell = add_row(table, "MRA", 77.87);
  measure(cell, 71.234);
  cell.state = CellState::kPartial;
  cell.pending_seeds = {1, 2};
  const std::string text = render_markdown({table});
  EXPECT_NE(text.find("71.23 (n=1) [1] |"), std::string::npos) << text;
  EXPECT_NE(text.find("[1] some seeds are missing: 1, 2 pending"), std::string::npos) << text;
}

TEST(Layout, AMissingFigureIsAWordWithItsReason) {
  ReportTable table = small_table();
  ReportCell& cell = add_row(table, "Puzzle Mix", 78.76);
  cell.state = CellState::kUnavailable;
  cell.reason = "no folder 'photos' in /data";
  const LaidTable laid = lay_out(table);
  EXPECT_EQ(laid.rows[0].cells[1].text, "unavailable");
  EXPECT_TRUE(laid.rows[0].cells[1].is_state);
  EXPECT_EQ(laid.notes[0].text, "no folder 'photos' in /data");
}

TEST(Layout, AFigureOfAnotherPublicationSaysWhoseItIs) {
  ReportTable table = small_table();
  table.origins["torchssl"] = {"torchssl", "TorchSSL", "best epoch of 3 seeds"};
  ReportCell& cell = add_row(table, "PseudoLabel", 47.94);
  cell.paper->origin = "torchssl";
  cell.paper->origin_value = 44.55;
  cell.paper->origin_spread = 2.43;
  cell.paper->origin_runs = 3;
  cell.paper->note = "that of another method";
  const LaidTable laid = lay_out(table);
  ASSERT_EQ(laid.notes.size(), 3u);
  EXPECT_EQ(laid.notes[0].text, "TorchSSL prints 44.55 ± 2.43 over 3 runs");
  EXPECT_EQ(laid.notes[1].text, "that of another method");
  EXPECT_EQ(laid.notes[2].mark, "a");
  EXPECT_EQ(laid.notes[2].text, "taken from TorchSSL: best epoch of 3 seeds");
  EXPECT_EQ(laid.rows[0].cells[0].marks, (std::vector<std::string>{"1", "2", "a"}));
}

TEST(Layout, SpeedsCarryTheRatioToTheFirstRow) {
  ReportTable table = small_table();
  table.columns[0].kind = ColumnKind::kSpeed;
  table.columns[0].decimals = 0;
  measure(add_row(table, "MAE-Base", 334), 50);
  measure(add_row(table, "MAE-Mini", 963), 200);
  const LaidTable laid = lay_out(table);
  EXPECT_EQ(laid.rows[1].cells[0].detail, "(2.88×)");
  EXPECT_EQ(laid.rows[1].cells[1].text, "200 (4.00×)");
}

TEST(Layout, QuotedFiguresHaveTheirOwnDigits) {
  ReportTable table = small_table();
  table.columns[0].kind = ColumnKind::kQuoted;
  table.columns[0].metric = "";
  add_row(table, "AutoAugment", 15000);
  add_row(table, "DADA", 1.3);
  const LaidTable laid = lay_out(table);
  ASSERT_EQ(laid.columns.size(), 1u);
  EXPECT_EQ(laid.rows[0].cells[0].text, "15000");
  EXPECT_EQ(laid.rows[1].cells[0].text, "1.3");
}

TEST(Layout, AColumnThePaperLeavesEmptyIsNotPrinted) {
  ReportTable table = small_table();
  add_row(table, "MRA", 0).paper.reset();
  const LaidTable laid = lay_out(table);
  ASSERT_EQ(laid.columns.size(), 1u);
  EXPECT_EQ(laid.columns[0].part, LaidColumn::Part::kMeasured);
}

TEST(Layout, ADeviationShowsInEveryFormat) {
  ReportTable table = small_table();
  add_row(table, "MRA", 77.87);
  table.deviations = {"/recipe/epochs=5"};
  for (const Renderer& format : renderers())
    EXPECT_NE(format.render({table}).find("/recipe/epochs=5"), std::string::npos) << format.name;
}

TEST(Layout, EveryFormatEscapesItsOwnSigns) {
  ReportTable table = small_table();
  add_row(table, "a|b \"<c>\", d_e", 77.87);
  EXPECT_NE(render_markdown({table}).find("a\\|b"), std::string::npos);
  EXPECT_NE(render_latex({table}).find("d\\_e"), std::string::npos);
  EXPECT_NE(render_latex({table}).find("Cutout \\& others"), std::string::npos);
  EXPECT_NE(render_csv({table}).find("\"a|b \"\"<c>\"\", d_e\""), std::string::npos);
  EXPECT_NE(render_html({table}).find("a|b &quot;&lt;c&gt;&quot;, d_e"), std::string::npos);
  EXPECT_NE(render_html({table}).find("Cutout &amp; others"), std::string::npos);
}

TEST(Progress, CountsWhatRunsFill) {
  ReportTable table = small_table();
  measure(add_row(table, "Baseline", 76.31), 70);
  add_row(table, "MRA", 77.87);
  add_row(table, "Puzzle Mix", 78.76).state = CellState::kUnavailable;
  add_row(table, "quoted", 1).state = std::nullopt;
  EXPECT_EQ(progress_text(count_cells(table)), "1 of 3 cells measured, 1 unavailable");
}

}  // namespace mra
