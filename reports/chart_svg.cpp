#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "reports/chart.h"
#include "reports/html.h"

namespace mra {

namespace {

// Of the drawing, in units of the viewBox: the page scales it.
constexpr double kWidth = 480, kHeight = 300;
constexpr double kLeft = 56, kRight = 16, kTop = 16, kBottom = 48;
constexpr double kLegendLine = 20;

/// Values from one edge of the drawing to the other, and where lines with numbers stand.
struct Axis {
  double low = 0, high = 1;
  std::vector<double> ticks;
  int decimals = 0;
};

/// About five steps of 1, 2 or 5 times a power of ten that cover [low, high].
Axis axis_over(double low, double high) {
  if (high - low < 1e-9) {
    low -= 1;
    high += 1;
  }
  const double rough = (high - low) / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5., 2., 1.})
    if (factor * power >= rough) step = factor * power;
  Axis axis;
  axis.low = std::floor(low / step + 1e-9) * step;
  axis.high = std::ceil(high / step - 1e-9) * step;
  axis.decimals = std::max(0, int(std::ceil(-std::log10(step) - 1e-9)));
  for (int i = 0; axis.low + i * step <= axis.high + step / 2; ++i)
    axis.ticks.push_back(axis.low + i * step);
  return axis;
}

/// Draws one chart into a text.
class Chart {
 public:
  Chart(const std::vector<ChartSeries>& series, const FigureAxes& axes)
      : series_(series), titles_(axes) {
    constexpr double kMost = std::numeric_limits<double>::max();
    double x_low = kMost, x_high = -kMost, y_low = kMost, y_high = -kMost;
    for (const ChartSeries& one : series)
      for (const ChartPoint& point : one.points) {
        x_low = std::min(x_low, point.x);
        x_high = std::max(x_high, point.x);
        y_low = std::min(y_low, point.y - point.sd.value_or(0));
        y_high = std::max(y_high, point.y + point.sd.value_or(0));
      }
    x_ = axis_over(x_low, x_high);
    y_ = axis_over(y_low, y_high);
  }

  std::string take(const std::string& name) {
    const double height = kHeight + kLegendLine * double(series_.size());
    svg_ = fmt::format(
        "<svg class=\"chart\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n",
        kWidth, height, html_escaped(name));
    draw_axes();
    for (size_t i = 0; i < series_.size(); ++i) draw_series(i);
    return svg_ + "</svg>\n";
  }

 private:
  double x_px(double x) const {
    return kLeft + (x - x_.low) / (x_.high - x_.low) * (kWidth - kLeft - kRight);
  }
  double y_px(double y) const {
    return kHeight - kBottom - (y - y_.low) / (y_.high - y_.low) * (kHeight - kTop - kBottom);
  }

  void line(const char* style, double x1, double y1, double x2, double y2) {
    svg_ += fmt::format(
        "<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", style, x1,
        y1, x2, y2);
  }
  void words(const char* anchor, double x, double y, const std::string& text,
             const char* more = "") {
    svg_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\"{}>{}</text>\n", x, y,
                        anchor, more, html_escaped(text));
  }

  void draw_axes() {
    for (const double tick : y_.ticks) {
      line("grid", kLeft, y_px(tick), kWidth - kRight, y_px(tick));
      words("end", kLeft - 8, y_px(tick) + 4, fmt::format("{:.{}f}", tick, y_.decimals));
    }
    for (const double tick : x_.ticks) {
      line("axis", x_px(tick), kHeight - kBottom, x_px(tick), kHeight - kBottom + 5);
      words("middle", x_px(tick), kHeight - kBottom + 20,
            fmt::format("{:.{}f}", tick, x_.decimals));
    }
    line("axis", kLeft, kHeight - kBottom, kWidth - kRight, kHeight - kBottom);
    words("middle", (kLeft + kWidth - kRight) / 2, kHeight - 8, titles_.x_title);
    const double middle = (kTop + kHeight - kBottom) / 2;
    words("middle", 14, middle, titles_.y_title,
          fmt::format(" transform=\"rotate(-90 14 {:.1f})\"", middle).c_str());
  }

  /// A shape of its own for each curve, so that they differ without colour.
  void marker(size_t index, double x, double y) {
    static constexpr const char* kShapes[] = {
        "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
        "M-4 -4h8v8h-8z",
        "M0 -5l5 9h-10z",
        "M0 -5l5 5l-5 5l-5 -5z",
        "M-5 -4h10l-5 9z",
        "M-5 -1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z"};
    svg_ +=
        fmt::format("<path class=\"marker\" transform=\"translate({:.1f} {:.1f})\" d=\"{}\"/>\n", x,
                    y, kShapes[index % std::size(kShapes)]);
  }

  void draw_series(size_t index) {
    static constexpr const char* kDashes[] = {"", "7 4", "2 4", "10 3 2 3", "5 2", "1 3"};
    const ChartSeries& series = series_[index];
    svg_ += fmt::format("<g class=\"s{}\" stroke-dasharray=\"{}\">\n", index % 6,
                        kDashes[index % std::size(kDashes)]);
    std::string path;
    for (const ChartPoint& point : series.points)
      path +=
          fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x_px(point.x), y_px(point.y));
    if (series.joined) svg_ += fmt::format("<path class=\"curve\" d=\"{}\"/>\n", path);
    for (const ChartPoint& point : series.points) {
      if (point.sd)
        line("bar", x_px(point.x), y_px(point.y - *point.sd), x_px(point.x),
             y_px(point.y + *point.sd));
      marker(index, x_px(point.x), y_px(point.y));
    }
    const double y = kHeight + kLegendLine * (double(index) + 0.5);
    if (series.joined) line("curve", kLeft, y, kLeft + 34, y);
    marker(index, kLeft + 17, y);
    svg_ += "</g>\n";
    words("start", kLeft + 44, y + 4, series.label);
  }

  const std::vector<ChartSeries>& series_;
  const FigureAxes& titles_;
  Axis x_, y_;
  std::string svg_;
};

}  // namespace

std::string chart_svg(const ReportTable& table) {
  const auto series = chart_series(table);
  if (series.empty()) return "";
  return Chart(series, *table.figure).take(table.title);
}

}  // namespace mra
