#include <fmt/format.h>

#include "reports/chart.h"
#include "reports/csv.h"

namespace mra {

std::string chart_csv(const ReportTable& table) {
  const auto all = chart_series(table);
  if (all.empty()) return "";
  std::string text = csv_line({"series", "x", "y", "sd", "n"});
  for (const ChartSeries& series : all)
    for (const ChartPoint& point : series.points)
      text += csv_line({series.label, fmt::format("{}", point.x), fmt::format("{}", point.y),
                        point.sd ? fmt::format("{}", *point.sd) : "",
                        series.is_paper ? "" : fmt::format("{}", point.seeds)});
  return text;
}

}  // namespace mra
