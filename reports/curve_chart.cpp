#include "reports/curve_chart.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "reports/axis.h"
#include "reports/chart_legend.h"
#include "reports/html.h"
#include "reports/layout.h"

namespace mra {

namespace {

// Lengths in px; a page or a printer scales the whole drawing.
constexpr double kWidth = 480, kHeight = 220, kMargin = 16, kFont = 13, kBelowPlot = 46;

/// Draws one curve of several runs.
class CurveChart {
 public:
  CurveChart(std::string name, const std::vector<ChartSeries>& seeds)
      : name_(std::move(name)), seeds_(seeds) {
    Range epochs = kNoRange, values = kNoRange;
    for (const ChartSeries& one : seeds)
      for (const ChartPoint& point : one.points) {
        epochs.take_in(point.x, point.x);
        values.take_in(point.y, point.y);
      }
    x_ = round_axis(epochs), y_ = round_axis(values);
    double widest = 0;
    for (const double tick : y_.ticks) widest = std::max(widest, text_width_px(text(tick), kFont));
    left_ = kMargin + widest + 8;
  }

  std::string take() {
    for (const double tick : y_.ticks) {
      svg_.line("grid", left_, y_px(tick), right(), y_px(tick));
      svg_.text(Svg::Anchor::kEnd, left_ - 8, y_px(tick) + 4, text(tick));
    }
    svg_.line("axis", left_, bottom(), right(), bottom());
    for (const double tick : x_.ticks) {
      svg_.line("axis", x_px(tick), bottom(), x_px(tick), bottom() + 5);
      svg_.text(Svg::Anchor::kMiddle, x_px(tick), bottom() + 18,
                fmt::format("{:.{}f}", tick, x_.decimals));
    }
    svg_.text(Svg::Anchor::kMiddle, (left_ + right()) / 2, bottom() + 37, "epochs");
    for (const ChartSeries& one : seeds_) draw(one);
    const double end = draw_legend(svg_, seeds_, {left_, bottom() + kBelowPlot}, right(), {});
    return svg_.finish(kWidth, end + 6, name_ + " over epochs, whose ends the text below tells");
  }

 private:
  static double right() { return kWidth - kMargin; }
  static double bottom() { return kMargin + kHeight; }
  double x_px(double x) const { return left_ + x_.place(x) * (right() - left_); }
  double y_px(double y) const { return bottom() - y_.place(y) * kHeight; }
  std::string text(double y) const { return fmt::format("{:.{}f}", y, y_.decimals); }

  void draw(const ChartSeries& one) {
    std::string path;
    for (const ChartPoint& point : one.points)
      path +=
          fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x_px(point.x), y_px(point.y));
    svg_.begin_group(one.look);
    draw_curve(svg_, one, path);
    draw_marker(svg_, one, x_px(one.points.back().x), y_px(one.points.back().y));
    svg_.end_group();
  }

  std::string name_;
  const std::vector<ChartSeries>& seeds_;
  Axis x_, y_;
  Svg svg_{SvgUse::kInPage};
  double left_ = 0;
};

/// The curves of each name, a series a run, by rising seed.
using Curves = std::map<std::string, std::vector<ChartSeries>>;

Curves curves_of(const std::string& key, const ResultStore& store,
                 const std::vector<int64_t>& seeds) {
  Curves curves;
  size_t look = 0;
  for (const RunId& id : store.runs_of(key)) {
    const bool asked = seeds.empty() || std::count(seeds.begin(), seeds.end(), id.seed) > 0;
    if (!asked || !store.has(id)) continue;
    const auto record = store.run(id);
    for (const auto& [name, curve] : record->curves) {
      ChartSeries one{fmt::format("seed {}", id.seed), {}, false, look};
      for (const auto& [epoch, value] : curve) one.points.push_back({epoch, value, {}, 1});
      if (!one.points.empty()) curves[name].push_back(std::move(one));
    }
    ++look;
  }
  return curves;
}

/// "seed 0: 2.5 after 1 epochs, 1.25 after 2"
std::string ends_text(const ChartSeries& one) {
  const ChartPoint &first = one.points.front(), &last = one.points.back();
  return fmt::format("{}: {:.4g} after {:g} epochs, {:.4g} after {:g}", one.label, first.y, first.x,
                     last.y, last.x);
}

std::string section_of(const std::string& experiment, const Curves& curves) {
  std::string html =
      fmt::format("<section>\n<h2>{}</h2>\n<div class=\"charts\">\n", html_escaped(experiment));
  for (const auto& [name, seeds] : curves) {
    html += fmt::format("<div><h3>{}</h3>\n{}", html_escaped(name), CurveChart(name, seeds).take());
    for (const ChartSeries& one : seeds)
      html += fmt::format("<p class=\"soft\">{}</p>\n", html_escaped(ends_text(one)));
    html += "</div>\n";
  }
  return html + "</div>\n</section>\n";
}

}  // namespace

std::string curves_page(const CellPlace& place, const ResultStore& store,
                        const std::vector<int64_t>& seeds) {
  const TableRow& row = place.table.rows[place.row];
  std::string sections;
  std::set<size_t> shown;
  for (const size_t column : place.columns) {
    const auto experiment = row.cells[column].experiment;
    if (!experiment || !shown.insert(*experiment).second) continue;
    const ExperimentSpec& spec = row.experiments[*experiment];
    if (const Curves curves = curves_of(spec.key, store, seeds); !curves.empty())
      sections += section_of(spec.name, curves);
  }
  check(!sections.empty(), ErrorKind::kUsage, place.table.id + "/" + row.name(),
        "no run with curves is recorded",
        fmt::format("harness run {} --scale {} --only '{}' makes them", place.table.id,
                    place.table.scale, row.name()));
  const std::string title = fmt::format("Learning curves of {}, {}, at {} scale", row.name(),
                                        heading_of(place.table.id), place.table.scale);
  return html_page(title, fmt::format("<h1>{}</h1>\n{}", html_escaped(title), sections));
}

}  // namespace mra
