#pragma once

#include <string>
#include <vector>

#include "reports/chart.h"
#include "reports/svg.h"

namespace mra {

/// Draws the marker of a series at a point. Each look has its own shape, so that curves differ
/// without colour; the paper's are open.
void draw_marker(Svg& svg, const ChartSeries& series, double x_px, double y_px);

/// Draws a line with the dash of the series; `path`: SVG path data.
void draw_curve(Svg& svg, const ChartSeries& series, const std::string& path);

struct ChartCorner {
  double left_px = 0, top_px = 0;
};

/// Draws the names of the series, what the bars mean, then `remarks`. Returns its lower end in px.
double draw_legend(Svg& svg, const std::vector<ChartSeries>& all, ChartCorner corner,
                   double right_px, const std::vector<std::string>& remarks);

}  // namespace mra
