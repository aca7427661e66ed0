#include "reports/chart_legend.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace mra {

static constexpr double kFont = 13, kSmallFont = 11, kLine = 20, kSmallLine = 15;
static constexpr double kSample = 36, kGap = 8;  // length of a sample line, and gap to its name

void draw_marker(Svg& svg, const ChartSeries& series, double x_px, double y_px) {
  static constexpr const char* kShapes[kLooks] = {
      "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z",
      "M-4.3 -4.3h8.6v8.6h-8.6z",
      "M0 -6l5.5 10h-11z",
      "M0 -6l5.5 6l-5.5 6l-5.5 -6z",
      "M-5.5 -4h11l-5.5 10z",
      "M-5.5 -2h3.5v-3.5h4v3.5h3.5v4h-3.5v3.5h-4v-3.5h-3.5z"};
  svg.path(series.is_paper ? "marker open" : "marker", kShapes[series.look % kLooks],
           fmt::format("transform=\"translate({:.1f} {:.1f})\"", x_px, y_px));
}

void draw_curve(Svg& svg, const ChartSeries& series, const std::string& path) {
  static constexpr const char* kDashes[kLooks] = {"", "8 4", "2 3", "10 3 2 3", "4 3", "1 4"};
  const std::string dash = kDashes[series.look % kLooks];
  svg.path("curve", path, dash.empty() ? "" : fmt::format("stroke-dasharray=\"{}\"", dash));
}

/// Explains the error bars; empty without any.
static std::string bars_text(const std::vector<ChartSeries>& all) {
  size_t fewest = 0, most = 0;
  bool lacks_some = false;
  for (const ChartSeries& series : all)
    for (const ChartPoint& point : series.points) {
      lacks_some |= !series.is_paper && !point.sd;
      if (!point.sd) continue;
      fewest = fewest == 0 ? point.seeds : std::min(fewest, point.seeds);
      most = std::max(most, point.seeds);
    }
  if (most == 0) return "";
  std::string text =
      fmt::format("Bars: mean ± standard deviation over n = {} seeds",
                  fewest == most ? fmt::format("{}", most) : fmt::format("{} to {}", fewest, most));
  return text + (lacks_some ? "; a point without a bar is of one seed." : ".");
}

double draw_legend(Svg& svg, const std::vector<ChartSeries>& all, ChartCorner corner,
                   double right_px, const std::vector<std::string>& remarks) {
  double widest = 0;
  for (const ChartSeries& series : all)
    widest = std::max(widest, kSample + kGap + text_width_px(series.label, kFont) + kGap);
  const double width = right_px - corner.left_px;
  const size_t columns = std::clamp(size_t(width / widest), size_t(1), size_t(3));
  for (size_t i = 0; i < all.size(); ++i) {
    const double x = corner.left_px + double(i % columns) * width / double(columns);
    const double y = corner.top_px + (double(i / columns) + 0.5) * kLine;
    svg.begin_group(all[i].look);
    if (!all[i].is_paper)
      draw_curve(svg, all[i], fmt::format("M{:.1f} {:.1f}h{:.1f}", x, y, kSample));
    draw_marker(svg, all[i], x + kSample / 2, y);
    svg.end_group();
    svg.text(Svg::Anchor::kStart, x + kSample + kGap, y + 4, all[i].label);
  }
  double y = corner.top_px + double((all.size() + columns - 1) / columns) * kLine + 4;
  const auto remark = [&](const std::string& words) {
    for (const std::string& line : wrapped(words, width, kSmallFont)) {
      svg.text(Svg::Anchor::kStart, corner.left_px, y + kSmallFont, line, "remark");
      y += kSmallLine;
    }
  };
  remark(bars_text(all));
  for (const std::string& words : remarks) remark(words);
  return y;
}

}  // namespace mra
