#include "reports/row_chart.h"

#include <gtest/gtest.h>

#include "reports/renderers.h"

namespace mra {
namespace {

ReportCell cell_of(double paper, const std::vector<double>& values) {
  ReportCell cell;
  cell.paper.emplace().value = paper;
  if (values.empty()) return cell;
  cell.measured.emplace().values = values;
  for (const double value : values) cell.measured->mean += value / double(values.size());
  return cell;
}

/// A measured column of two rows, the first with two seeds.
ReportTable two_rows() {
  ReportTable table;
  table.id = "table6";
  TableColumn& column = table.columns.emplace_back();
  column.metric = "top1";
  column.title = "Top-1";
  column.unit = "%";
  table.rows = {{"", "Baseline", "", {cell_of(76.31, {70, 72})}},
                {"", "Mask <Low>", "", {cell_of(77.87, {74})}}};
  table.rows[0].cells[0].measured->ci95 = 3;
  table.rows[1].cells[0].measured->over_pictures = Interval{71, 76};
  return table;
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

TEST(RowChart, PublishedAndMeasuredFiguresOfEachRowAreDrawn) {
  const auto charts = row_charts(two_rows());
  ASSERT_EQ(charts.size(), 1u);
  EXPECT_EQ(count(charts[0], "class=\"marker open\""), 2u + 1);  // and one in the legend
  EXPECT_EQ(count(charts[0], "class=\"marker\""), 2u + 1);
  EXPECT_EQ(count(charts[0], "class=\"curve\""), 2u + 1);  // the two intervals
  EXPECT_EQ(count(charts[0], "class=\"bar\""), 2u);        // seeds, where there are several
  EXPECT_NE(charts[0].find(">Mask &lt;Low&gt;</text>"), std::string::npos);
}

TEST(RowChart, SaysWhatItsBarsAre) {
  ReportTable table = two_rows();
  EXPECT_NE(row_charts(table)[0].find("over its pictures, or"), std::string::npos);
  table.rows[1].cells[0].measured->over_pictures.reset();
  EXPECT_EQ(row_charts(table)[0].find("pictures"), std::string::npos);
}

TEST(RowChart, APublishedSpreadIsABarOfItsOwn) {
  ReportTable table = two_rows();
  table.rows[0].cells[0].paper->spread = 0.8;
  const std::string chart = row_charts(table)[0];
  EXPECT_EQ(count(chart, "class=\"curve\""), 3u + 1);
  EXPECT_NE(chart.find("the ± that the paper prints"), std::string::npos);
}

TEST(RowChart, IntervalsOverSeedsComeFirstThoseWithinARunLast) {
  Measured measured;
  measured.mean = 50;
  EXPECT_FALSE(drawn_interval(measured));
  measured.within_run_ci95 = 1;
  EXPECT_EQ(drawn_interval(measured)->low, 49);
  measured.over_pictures = Interval{40, 61};
  EXPECT_EQ(drawn_interval(measured)->high, 61);
  measured.ci95 = 5;
  EXPECT_EQ(drawn_interval(measured)->high, 55);
}

TEST(RowChart, NothingIsDrawnWithoutPublishedAndMeasuredFigures) {
  ReportTable table = two_rows();
  for (ReportRow& row : table.rows) row.cells[0].measured.reset();
  EXPECT_TRUE(row_charts(table).empty());
  table = two_rows();
  for (ReportRow& row : table.rows) row.cells[0].paper.reset();
  EXPECT_TRUE(row_charts(table).empty());
  table = two_rows();
  table.figure = FigureAxes{};
  EXPECT_TRUE(row_charts(table).empty());
}

TEST(RowChart, TheAxisHasAGapBeforeFiguresThatAreFarAway) {
  ReportTable table = two_rows();
  EXPECT_EQ(row_charts(table)[0].find("axis has a gap"), std::string::npos);
  for (ReportRow& row : table.rows) row.cells[0].paper->value = 20;
  EXPECT_NE(row_charts(table)[0].find("axis has a gap"), std::string::npos);
}

TEST(RowChart, StandsInThePage) {
  EXPECT_NE(render_html({two_rows()}).find("Table 6, Top-1 (%): published and measured"),
            std::string::npos);
}

}  // namespace
}  // namespace mra
