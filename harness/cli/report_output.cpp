#include "harness/cli/report_output.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/arguments.h"

namespace mra {

std::vector<ReportTable> make_reports(const Context& context, const std::vector<TableSpec>& tables,
                                      const ResultStore& store, const Selection& selection,
                                      bool with_run_folders) {
  ReportOptions options;
  if (!selection.seeds.empty()) options.seeds = parse_seeds(selection.seeds);
  if (with_run_folders) options.workspace = context.workspace;
  std::vector<ReportTable> reports;
  for (const TableSpec& table : tables) {
    ReportTable& report = reports.emplace_back(make_report(table, store, options));
    if (!context.overrides.empty())
      report.note +=
          fmt::format("{}not the declared experiments, but with --set {}",
                      report.note.empty() ? "" : "; ", fmt::join(context.overrides, " --set "));
  }
  return reports;
}

bool is_finished(const ReportTable& table) {
  return std::all_of(table.rows.begin(), table.rows.end(), [](const ReportRow& row) {
    return std::all_of(row.cells.begin(), row.cells.end(),
                       [](const ReportCell& cell) { return cell.state == "done"; });
  });
}

}  // namespace mra
