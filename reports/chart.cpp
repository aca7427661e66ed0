#include "reports/chart.h"

#include <algorithm>
#include <charconv>

namespace mra {

/// "0.4" -> 0.4; nothing for a label that is no number.
static std::optional<double> number_in(const std::string& label) {
  double value = 0;
  const char* end = label.data() + label.size();
  const auto [rest, error] = std::from_chars(label.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

static void add_point(ChartSeries& series, const std::string& x_label,
                      const std::optional<double>& y, const std::optional<double>& sd) {
  if (const auto x = number_in(x_label); x && y) series.points.push_back({*x, *y, sd});
}

static void add_cell(ChartSeries& paper, ChartSeries& measured, const std::string& x_label,
                     const ReportCell& cell) {
  if (cell.paper) add_point(paper, x_label, cell.paper->value, std::nullopt);
  if (cell.measured) add_point(measured, x_label, cell.measured->mean, cell.measured->sd);
}

std::vector<ChartSeries> chart_series(const ReportTable& table) {
  std::vector<ChartSeries> all;
  if (!table.figure) return all;
  if (table.figure->points_are_rows) {
    ChartSeries paper{"paper", {}, false}, measured{"measured", {}};
    for (const ReportRow& row : table.rows) add_cell(paper, measured, row.label, row.cells[0]);
    all = {paper, measured};
  } else {
    for (const ReportRow& row : table.rows) {
      ChartSeries paper{row.label + ", paper", {}, false}, measured{row.label, {}};
      for (size_t i = 0; i < row.cells.size(); ++i)
        add_cell(paper, measured, table.columns[i].title, row.cells[i]);
      all.push_back(paper);
      all.push_back(measured);
    }
  }
  std::erase_if(all, [](const ChartSeries& series) { return series.points.empty(); });
  for (ChartSeries& series : all)
    std::stable_sort(series.points.begin(), series.points.end(),
                     [](const ChartPoint& a, const ChartPoint& b) { return a.x < b.x; });
  return all;
}

}  // namespace mra
