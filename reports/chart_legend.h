#pragma once

#include <string>
#include <vector>

#include "reports/chart.h"
#include "reports/svg.h"

namespace mra {

/// A shape of its own for each look, so that curves differ without colour; open for the paper's.
void draw_marker(Svg& svg, const ChartSeries& series, double x_px, double y_px);

/// A line in the dash of the series; `path`: path data.
void draw_curve(Svg& svg, const ChartSeries& series, const std::string& path);

struct ChartCorner {
  double left_px = 0, top_px = 0;
};

/// Names the series and what the bars are, then further remarks. Gives where it ends.
double draw_legend(Svg& svg, const std::vector<ChartSeries>& all, ChartCorner corner,
                   double right_px, const std::vector<std::string>& remarks);

}  // namespace mra
