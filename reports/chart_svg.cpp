#include <fmt/format.h>

#include "reports/axis.h"
#include "reports/chart.h"
#include "reports/chart_legend.h"
#include "reports/layout.h"

namespace mra {

namespace {

// Lengths in px; a page or a printer scales the whole drawing.
constexpr double kWidth = 480, kPlotHeight = 236, kMargin = 16;
constexpr double kFont = 13;
constexpr double kInset = 14;  // from the ends of the x axis to the first and last point
constexpr double kBelowPlot = 46;

Range range_of(const std::vector<ChartSeries>& all, bool of_paper) {
  Range range = kNoRange;
  for (const ChartSeries& series : all)
    for (const ChartPoint& point : series.points)
      if (series.is_paper == of_paper)
        range.take_in(point.y - point.sd.value_or(0), point.y + point.sd.value_or(0));
  return range;
}

/// Draws one chart.
class Chart {
 public:
  Chart(const ReportTable& table, const std::vector<ChartSeries>& series, SvgUse use)
      : table_(table),
        series_(series),
        x_(axis_with_ticks(chart_places(table))),
        y_(value_axis(range_of(series, true), range_of(series, false),
                      table.columns.front().unit == "%")),
        svg_(use) {
    double widest = 0;
    for (const double tick : y_.ticks)
      widest = std::max(widest, text_width_px(y_text(tick), kFont));
    left_ = 30 + widest + 8;
    if (use == SvgUse::kAlone) draw_heading();
    bottom_ = top_ + kPlotHeight;
  }

  std::string take() {
    draw_y_axis();
    draw_x_axis();
    for (const ChartSeries& one : series_) draw_series(one);
    const double end =
        draw_legend(svg_, series_, {left_, bottom_ + kBelowPlot}, kWidth - kMargin, remarks());
    return svg_.finish(kWidth, end + 6, fmt::format("{}: {}", heading_of(table_.id), table_.title));
  }

 private:
  double x_px(double x) const {
    return left_ + kInset + x_.place(x) * (kWidth - kMargin - left_ - 2 * kInset);
  }
  double y_px(double y) const { return bottom_ - y_.place(y) * kPlotHeight; }
  std::string y_text(double y) const { return fmt::format("{:.{}f}", y, y_.decimals); }

  /// Draws heading and scale, for a chart that is shown without its report.
  void draw_heading() {
    const auto add = [&](const std::string& words, const char* style, double font) {
      for (const std::string& line : wrapped(words, kWidth - 2 * kMargin, font)) {
        svg_.text(Svg::Anchor::kStart, kMargin, top_ + font - 3, line, style);
        top_ += font + 5;
      }
    };
    add(heading_of(table_.id), "heading", kFont);
    add(table_.title, "label", kFont);
    add(fmt::format("Scale {}: {}", table_.scale, progress_text(count_cells(table_))), "remark",
        11);
    add(text(table_.measured_on), "remark", 11);
    for (const std::string& deviation : table_.deviations)
      add("Not the declared experiment: --set " + deviation, "heading", kFont);
    top_ += 10;
  }

  void draw_y_axis() {
    for (const double tick : y_.ticks) {
      svg_.line("grid", left_, y_px(tick), kWidth - kMargin, y_px(tick));
      svg_.text(Svg::Anchor::kEnd, left_ - 8, y_px(tick) + 4, y_text(tick));
    }
    for (size_t i = 0; i < y_.parts.size(); ++i) {
      svg_.line("axis", left_, y_px(y_.parts[i].low), left_, y_px(y_.parts[i].high));
      if (i > 0) draw_break((y_px(y_.parts[i].low) + y_px(y_.parts[i - 1].high)) / 2);
    }
    svg_.upright_text(18, (top_ + bottom_) / 2, table_.figure->y_title);
  }

  /// Draws a wavy line across the plot where values are left out.
  void draw_break(double y) {
    std::string wave = fmt::format("M{:.1f} {:.1f}q6 -5 12 0", left_ - 6, y);
    for (double x = left_ + 6; x + 12 <= kWidth - kMargin; x += 12) wave += "t12 0";
    svg_.path("break", wave);
  }

  void draw_x_axis() {
    svg_.line("axis", left_, bottom_, kWidth - kMargin, bottom_);
    double free_from = 0;
    for (const double tick : x_.ticks) {
      svg_.line("axis", x_px(tick), bottom_, x_px(tick), bottom_ + 5);
      const std::string words = fmt::format("{}", tick);
      const double half = text_width_px(words, kFont) / 2;
      if (x_px(tick) - half < free_from) continue;  // no room: the tick has no number
      svg_.text(Svg::Anchor::kMiddle, x_px(tick), bottom_ + 18, words);
      free_from = x_px(tick) + half + 2;
    }
    svg_.text(Svg::Anchor::kMiddle, (left_ + kWidth - kMargin) / 2, bottom_ + 37,
              table_.figure->x_title);
  }

  void draw_series(const ChartSeries& series) {
    svg_.begin_group(series.look);
    std::string path;
    for (const ChartPoint& point : series.points)
      path +=
          fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x_px(point.x), y_px(point.y));
    if (!series.is_paper) draw_curve(svg_, series, path);
    for (const ChartPoint& point : series.points) {
      if (point.sd) draw_bar(x_px(point.x), y_px(point.y - *point.sd), y_px(point.y + *point.sd));
      draw_marker(svg_, series, x_px(point.x), y_px(point.y));
    }
    svg_.end_group();
  }

  std::vector<std::string> remarks() const {
    std::vector<std::string> all;
    if (hides_bar_) all.push_back("Bars shorter than a marker are hidden behind it.");
    if (y_.parts.size() > 1) all.push_back("The y axis is broken; both parts have the same scale.");
    return all;
  }

  void draw_bar(double x, double low, double high) {
    constexpr double kHalfCap = 4, kMarkerHeight = 9;
    hides_bar_ |= low - high < kMarkerHeight;
    svg_.path("bar", fmt::format("M{0:.1f} {2:.1f}H{1:.1f}M{0:.1f} {3:.1f}H{1:.1f}M{4:.1f} "
                                 "{2:.1f}V{3:.1f}",
                                 x - kHalfCap, x + kHalfCap, low, high, x));
  }

  const ReportTable& table_;
  const std::vector<ChartSeries>& series_;
  Axis x_, y_;
  Svg svg_;
  double left_ = 0, top_ = kMargin, bottom_ = 0;
  bool hides_bar_ = false;  ///< a marker hides its error bar
};

}  // namespace

std::string chart_svg(const ReportTable& table, SvgUse use) {
  const auto series = chart_series(table);
  if (series.empty()) return "";
  return Chart(table, series, use).take();
}

}  // namespace mra
