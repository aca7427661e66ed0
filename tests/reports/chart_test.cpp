#include "reports/chart.h"

#include <gtest/gtest.h>

#include "reports/renderers.h"

namespace mra {

namespace {

ReportCell measured_cell(double mean, std::optional<double> sd = std::nullopt) {
  ReportCell cell;
  cell.measured.emplace().mean = mean;
  cell.measured->sd = sd;
  cell.measured->values.assign(sd ? 3 : 1, mean);
  cell.state = CellState::kDone;
  return cell;
}

/// A figure whose points are its rows, as Figure 3.
ReportTable curve_over_rows() {
  ReportTable table;
  table.id = "figure3";
  table.figure = FigureAxes{true, "Masking ratio", "Top-1 (%)"};
  table.columns.emplace_back().metric = "top1";
  table.rows = {{"", "0.6", "", {measured_cell(71, 0.5)}},
                {"", "0.4", "", {measured_cell(72)}},
                {"", "0.8", "", {ReportCell{}}}};
  table.rows[1].cells[0].paper.emplace().value = 77.87;
  return table;
}

}  // namespace

TEST(Chart, PointsOfRowsAreOneCurveBesideThePapers) {
  const auto series = chart_series(curve_over_rows());
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[0].label, "paper");
  EXPECT_TRUE(series[0].is_paper);
  ASSERT_EQ(series[1].points.size(), 2u);
  EXPECT_EQ(series[1].points[0].x, 0.4);
  EXPECT_EQ(series[1].points[1].y, 71);
  EXPECT_EQ(series[1].points[1].sd, 0.5);
  EXPECT_NE(series[0].look, series[1].look);
}

TEST(Chart, PointsOfColumnsAreACurveARow) {
  ReportTable table;
  table.id = "figure4";
  table.figure = FigureAxes{false, "Hole size", "Top-1 error (%)"};
  for (const char* size : {"0 px", "112 px", "224 px"}) {
    TableColumn& column = table.columns.emplace_back();
    column.title = size;
    column.metric = "error";
  }
  table.rows = {{"", "MRA", "", {measured_cell(90), measured_cell(50), measured_cell(20)}},
                {"", "CutMix", "", {measured_cell(90), ReportCell{}, measured_cell(21)}}};
  const auto series = chart_series(table);
  ASSERT_EQ(series.size(), 2u);
  EXPECT_EQ(series[0].label, "MRA");
  EXPECT_EQ(series[0].points.size(), 3u);
  EXPECT_EQ(series[1].points.size(), 2u);
  EXPECT_EQ(series[1].points[1].x, 224);
}

TEST(Chart, ACurveKeepsItsLookWhateverElseIsMeasured) {
  ReportTable table;
  table.figure = FigureAxes{false, "Hole size", "Top-1 error (%)"};
  table.columns.emplace_back().title = "112";
  table.rows = {{"", "MRA", "", {ReportCell{}}}, {"", "CutMix", "", {measured_cell(50)}}};
  const size_t alone = chart_series(table).at(0).look;
  table.rows[0].cells[0] = measured_cell(40);
  EXPECT_EQ(chart_series(table).at(1).look, alone);
  EXPECT_NE(chart_series(table).at(0).look, alone);
}

TEST(Chart, PlacesOfPointsThatAreStillToCome) {
  EXPECT_EQ(chart_places(curve_over_rows()), (std::vector<double>{0.4, 0.6, 0.8}));
}

TEST(Chart, NumbersAreALineAPoint) {
  EXPECT_EQ(chart_csv(curve_over_rows()),
            "series,x,y,sd,n\r\npaper,0.4,77.87,,\r\nmeasured,0.4,72,,1\r\n"
            "measured,0.6,71,0.5,3\r\n");
}

TEST(Chart, NothingMeasuredDrawsNothing) {
  ReportTable table = curve_over_rows();
  for (ReportRow& row : table.rows) row.cells[0] = ReportCell{};
  EXPECT_EQ(chart_svg(table), "");
  EXPECT_EQ(chart_csv(table), "");
  table = curve_over_rows();
  table.figure.reset();
  EXPECT_EQ(chart_svg(table), "");
}

TEST(Chart, StandsInThePageWithItsErrorBars) {
  const std::string page = render_html({curve_over_rows()});
  EXPECT_NE(page.find("<svg class=\"chart\""), std::string::npos);
  EXPECT_NE(page.find("class=\"bar\""), std::string::npos);
  EXPECT_NE(page.find(">Masking ratio</text>"), std::string::npos);
}

TEST(Chart, AloneItSaysWhatItIs) {
  ReportTable table = curve_over_rows();
  table.title = "Ratios <of> masking";
  table.scale = "mini";
  table.deviations = {"/recipe/epochs = 5"};
  const std::string svg = chart_svg(table, SvgUse::kAlone);
  for (const char* words : {"xmlns=", "Figure 3<", "Ratios &lt;of&gt; masking", "Scale mini",
                            "/recipe/epochs = 5", "over n = 3 seeds;"})
    EXPECT_NE(svg.find(words), std::string::npos) << words;
  EXPECT_EQ(svg.find("class="), std::string::npos);
  EXPECT_EQ(svg, chart_svg(table, SvgUse::kAlone));
}

TEST(Chart, ABarThatItsMarkerHidesIsMentioned) {
  const char* words = "are hidden behind it";
  ReportTable table = curve_over_rows();
  EXPECT_EQ(chart_svg(table).find(words), std::string::npos);
  table.rows[0].cells[0] = measured_cell(71, 0.01);
  EXPECT_NE(chart_svg(table).find(words), std::string::npos);
}

TEST(Chart, TheAxisIsBrokenOnlyBetweenThePaperAndWhatIsFarFromIt) {
  const char* words = "axis is broken";
  ReportTable table = curve_over_rows();
  EXPECT_NE(chart_svg(table).find(words), std::string::npos);
  table.rows[1].cells[0].paper->value = 73;
  EXPECT_EQ(chart_svg(table).find(words), std::string::npos);
  table.rows[1].cells[0].paper.reset();
  table.rows[1].cells[0].measured->mean = 20;
  EXPECT_EQ(chart_svg(table).find(words), std::string::npos);
}

TEST(Chart, PerCentEndAtAHundredWhateverABarSays) {
  ReportTable table = curve_over_rows();
  table.columns[0].unit = "%";
  table.rows[0].cells[0] = measured_cell(99.5, 2);
  table.rows[1].cells[0] = measured_cell(80, 1);
  const std::string svg = chart_svg(table);
  EXPECT_NE(svg.find(">100</text>"), std::string::npos);
  EXPECT_EQ(svg.find(">105</text>"), std::string::npos);
}

TEST(Chart, APageRefersToNothingOutside) {
  const std::string page = render_html({curve_over_rows()});
  for (const char* link : {"http://", "https://", "url(", "src=", "@import", "<script"})
    EXPECT_EQ(page.find(link), std::string::npos) << link;
}

}  // namespace mra
