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
  bool any_done = false;
  for (const ReportRow& row : table.rows) {
    for (const ReportCell& cell : row.cells) {
      any_done |= cell.state == "done";
      if (cell.state != "done" && cell.state != "unavailable" && !cell.state.empty()) return false;
    }
  }
  return any_done;
}

}  // namespace mra
