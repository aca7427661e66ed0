#include "reports/chart.h"

#include <algorithm>
#include <charconv>

namespace mra {

/// "0.4" -> 0.4, "32 px" -> 32; nothing for a label that is not a number.
static std::optional<double> number_in(const std::string& label) {
  double value = 0;
  const char* end = label.data() + label.size();
  const auto [rest, error] = std::from_chars(label.data(), end, value);
  const bool has_end = rest == end || *rest == ' ';
  if (error != std::errc() || !has_end) return std::nullopt;
  return value;
}

static void add_cell(ChartSeries& paper, ChartSeries& measured, const std::string& x_label,
                     const ReportCell& cell) {
  const auto x = number_in(x_label);
  if (!x) return;
  if (cell.paper && cell.paper->value) paper.points.push_back({*x, *cell.paper->value, {}, 0});
  if (cell.measured)
    measured.points.push_back(
        {*x, cell.measured->mean, cell.measured->sd, cell.measured->values.size()});
}

std::vector<ChartSeries> chart_series(const ReportTable& table) {
  std::vector<ChartSeries> all;
  if (!table.figure) return all;
  if (table.figure->points_are_rows) {
    ChartSeries paper{"paper", {}, true, 3}, measured{"measured", {}};
    for (const ReportRow& row : table.rows) add_cell(paper, measured, row.label, row.cells[0]);
    all = {paper, measured};
  } else {
    for (size_t r = 0; r < table.rows.size(); ++r) {
      const ReportRow& row = table.rows[r];
      ChartSeries paper{row.label + ", paper", {}, true, r}, measured{row.label, {}, false, r};
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

std::vector<double> chart_places(const ReportTable& table) {
  std::vector<double> places;
  const auto add = [&](const std::string& label) {
    if (const auto x = number_in(label)) places.push_back(*x);
  };
  if (table.figure && table.figure->points_are_rows) {
    for (const ReportRow& row : table.rows) add(row.label);
  } else {
    for (const TableColumn& column : table.columns) add(column.title);
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

}  // namespace mra
