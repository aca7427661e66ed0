#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/report_table.h"

namespace mra {

struct ChartPoint {
  double x = 0, y = 0;
  std::optional<double> sd;  ///< over seeds: an error bar
};

/// One curve: the paper's, or measured.
struct ChartSeries {
  std::string label;
  std::vector<ChartPoint> points;  ///< by rising x
  bool joined = true;              ///< by a line; the paper's few printed points are not
};

/// The curves of a figure: the paper's printed points where it prints some, and what is measured.
/// Empty when the table is no figure with numbers on both axes, or has no point yet.
std::vector<ChartSeries> chart_series(const ReportTable& table);

/// The figure as an <svg> element, without colours of its own: the page's style gives the classes
/// s0, s1, … theirs. Curves differ in dash and marker too. Empty when there is nothing to draw.
std::string chart_svg(const ReportTable& table);

}  // namespace mra
