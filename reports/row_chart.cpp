#include "reports/row_chart.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/axis.h"
#include "reports/chart_legend.h"
#include "reports/layout.h"

namespace mra {

std::optional<Interval> drawn_interval(const Measured& measured) {
  const auto around = [&](double half) {
    return Interval{measured.mean - half, measured.mean + half};
  };
  if (measured.ci95) return around(*measured.ci95);
  if (measured.over_pictures) return measured.over_pictures;
  if (measured.within_run_ci95) return around(*measured.within_run_ci95);
  return std::nullopt;
}

namespace {

// Lengths in px; a page or a printer scales the whole drawing.
constexpr double kWidth = 480, kMargin = 12, kFont = 13, kLine = 16;
constexpr double kRow = 30, kApart = 5;  // the published figure lies above, the measured one below
constexpr double kMostLabel = 170;

/// Draws one column of a table.
class RowChart {
 public:
  RowChart(const ReportTable& table, size_t column)
      : table_(table),
        column_(column),
        axis_(value_axis(range(true), range(false), table.columns[column].unit == "%")) {
    double widest = 0;
    for (const ReportRow& row : table_.rows)
      for (const std::string& line : label_lines(row))
        widest = std::max(widest, text_width_px(line, kFont));
    left_ = kMargin + widest + 10;
  }

  std::string take() {
    draw_axis();
    for (size_t r = 0; r < table_.rows.size(); ++r) draw_row(r);
    const double end = draw_legend(svg_, {paper_, measured_}, {kMargin, bottom() + 44},
                                   kWidth - kMargin, remarks());
    return svg_.finish(kWidth, end + 6,
                       fmt::format("{}, {}: published and measured figures, which the table lists",
                                   heading_of(table_.id), title()));
  }

 private:
  const ReportCell& cell(size_t row) const { return table_.rows[row].cells[column_]; }
  std::string title() const { return title_of(table_.columns[column_]); }
  double bottom() const { return kMargin + kRow * double(table_.rows.size()); }
  double middle(size_t row) const { return kMargin + kRow * (double(row) + 0.5); }
  double x_px(double value) const { return left_ + axis_.place(value) * (kWidth - 24 - left_); }
  static std::vector<std::string> label_lines(const ReportRow& row) {
    return wrapped(row.group.empty() ? row.label : row.group + " " + row.label, kMostLabel, kFont);
  }

  /// The range of the published or the measured figures with their intervals.
  Range range(bool of_paper) const {
    Range range = kNoRange;
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      if (const auto& paper = cell(r).paper; of_paper && paper && paper->value)
        range.take_in(*paper->value - paper->spread.value_or(0),
                      *paper->value + paper->spread.value_or(0));
      const auto& measured = cell(r).measured;
      if (of_paper || !measured) continue;
      for (const double value : measured->values) range.take_in(value, value);
      if (const auto interval = drawn_interval(*measured))
        range.take_in(interval->low, interval->high);
    }
    return range;
  }

  void draw_axis() {
    for (const double tick : axis_.ticks) {
      svg_.line("grid", x_px(tick), kMargin, x_px(tick), bottom());
      svg_.text(Svg::Anchor::kMiddle, x_px(tick), bottom() + 17,
                fmt::format("{:.{}f}", tick, axis_.decimals));
    }
    for (const Range& part : axis_.parts)
      svg_.line("axis", x_px(part.low), bottom(), x_px(part.high), bottom());
    svg_.text(Svg::Anchor::kMiddle, (left_ + kWidth - 24) / 2, bottom() + 35, title());
  }

  void draw_row(size_t row) {
    const auto lines = label_lines(table_.rows[row]);
    for (size_t i = 0; i < lines.size(); ++i)
      svg_.text(Svg::Anchor::kEnd, left_ - 10,
                middle(row) + 5 + kLine * (double(i) - double(lines.size() - 1) / 2), lines[i]);
    svg_.line("grid", left_, middle(row) + kRow / 2, kWidth - 24, middle(row) + kRow / 2);
    if (const auto& paper = cell(row).paper; paper && paper->value) {
      svg_.begin_group(paper_.look);
      const double y = middle(row) - kApart;
      if (paper->spread)
        draw_bar(y, {*paper->value - *paper->spread, *paper->value + *paper->spread});
      draw_marker(svg_, paper_, x_px(*paper->value), y);
      svg_.end_group();
    }
    if (const auto& measured = cell(row).measured) draw_measured(*measured, middle(row) + kApart);
  }

  void draw_measured(const Measured& measured, double y) {
    svg_.begin_group(measured_.look);
    if (const auto interval = drawn_interval(measured)) draw_bar(y, *interval);
    draw_marker(svg_, measured_, x_px(measured.mean), y);
    if (measured.values.size() > 1)
      for (const double value : measured.values)
        svg_.path("bar", fmt::format("M{:.1f} {:.1f}v8", x_px(value), y - 4));
    svg_.end_group();
  }

  void draw_bar(double y, const Interval& interval) {
    svg_.path("curve",
              fmt::format("M{:.1f} {:.1f}H{:.1f}", x_px(interval.low), y, x_px(interval.high)));
  }

  /// What the bars and strokes are, of those that were drawn.
  std::vector<std::string> remarks() const {
    std::set<std::string> bars;
    bool has_seeds = false, has_spread = false;
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      has_spread |= cell(r).paper && cell(r).paper->spread;
      if (!cell(r).measured) continue;
      const Measured& measured = *cell(r).measured;
      has_seeds |= measured.values.size() > 1;
      if (measured.ci95)
        bars.insert("of the mean over seeds");
      else if (measured.over_pictures)
        bars.insert("of one seed over its pictures");
      else if (measured.within_run_ci95)
        bars.insert("of one seed over its " + table_.columns[column_].spread_over);
    }
    std::vector<std::string> all;
    if (!bars.empty())
      all.push_back(fmt::format("Measured bars: 95 % interval {}.", fmt::join(bars, ", or ")));
    if (has_spread) all.push_back("Published bars: the ± that the paper prints.");
    if (has_seeds) all.push_back("Strokes: every seed.");
    if (axis_.parts.size() > 1)
      all.push_back("The axis has a gap; both parts have the same scale.");
    return all;
  }

  const ReportTable& table_;
  size_t column_;
  Axis axis_;
  ChartSeries paper_{"published", {}, true, 3}, measured_{"measured", {}};
  double left_ = 0;
  Svg svg_{SvgUse::kInPage};
};

}  // namespace

std::vector<std::string> row_charts(const ReportTable& table) {
  std::vector<std::string> charts;
  if (table.figure) return charts;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const auto any = [&](auto has) {
      return std::any_of(table.rows.begin(), table.rows.end(),
                         [&](const ReportRow& row) { return has(row.cells[i]); });
    };
    if (table.columns[i].kind == ColumnKind::kMeasured &&
        any([](const ReportCell& cell) { return cell.paper && cell.paper->value; }) &&
        any([](const ReportCell& cell) { return cell.measured.has_value(); }))
      charts.push_back(RowChart(table, i).take());
  }
  return charts;
}

}  // namespace mra
