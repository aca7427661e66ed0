#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/report_table.h"
#include "reports/svg.h"

namespace mra {

struct ChartPoint {
  double x = 0, y = 0;
  std::optional<double> sd;  ///< over seeds: an error bar
  size_t seeds = 0;          ///< of the paper's: 0, it does not say
};

/// One curve: the paper's, or measured.
struct ChartSeries {
  std::string label;
  std::vector<ChartPoint> points;  ///< by rising x
  bool is_paper = false;           ///< its few printed points: open markers, no line
  size_t look = 0;                 ///< colour, dash and marker: a row's own, whatever is measured
};

/// The curves of a figure: the paper's printed points where it prints some, and what is measured.
/// Empty when the table is no figure with numbers on both axes, or has no point yet.
std::vector<ChartSeries> chart_series(const ReportTable& table);

/// Where points stand or will stand once they are measured; rising.
std::vector<double> chart_places(const ReportTable& table);

/// The figure as an <svg> element: for a page, whose style gives the classes s0, s1, … their
/// colours, or as a file of its own with heading and scale. Curves differ in dash, marker and
/// lightness too. Empty when there is nothing to draw.
std::string chart_svg(const ReportTable& table, SvgUse use = SvgUse::kInPage);

/// The points of the chart: series, x, y, sd, n; a line each under a head line (RFC 4180), numbers
/// in full. Empty when there is nothing to draw.
std::string chart_csv(const ReportTable& table);

}  // namespace mra
