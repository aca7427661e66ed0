#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/report_table.h"
#include "reports/svg.h"

namespace mra {

struct ChartPoint {
  double x = 0, y = 0;
  std::optional<double> sd;  ///< standard deviation over seeds, drawn as an error bar
  size_t seeds = 0;          ///< number of seeds; 0 for the paper's points
};

/// One curve: the paper's or a measured one.
struct ChartSeries {
  std::string label;
  std::vector<ChartPoint> points;  ///< by ascending x
  bool is_paper = false;           ///< the paper's printed points: open markers, no line
  size_t look = 0;                 ///< colour, dash and marker; fixed for each row
};

/// The curves of a figure: the points that the paper prints, and the measured ones. Empty when the
/// table is not a figure with numbers on both axes, or has no point yet.
std::vector<ChartSeries> chart_series(const ReportTable& table);

/// The x values of all points, measured or not yet measured, ascending.
std::vector<double> chart_places(const ReportTable& table);

/// The figure as an <svg> element: for a page whose style sheet colours the classes s0, s1, …, or
/// for a file of its own, with heading and scale. Curves also differ in dash, marker and lightness.
/// Empty when there is nothing to draw.
std::string chart_svg(const ReportTable& table, SvgUse use = SvgUse::kInPage);

/// The points of the chart as CSV (RFC 4180) with a header: series, x, y, sd, n. Numbers are not
/// rounded. Empty when there is nothing to draw.
std::string chart_csv(const ReportTable& table);

}  // namespace mra
