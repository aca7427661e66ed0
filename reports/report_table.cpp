#include "reports/report_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/store/cell_state.h"

namespace mra {

static Measured summarize(const std::vector<std::pair<int64_t, double>>& by_seed) {
  Measured measured;
  for (const auto& [seed, value] : by_seed) {
    measured.seeds.push_back(seed);
    measured.values.push_back(value);
    measured.mean += value / double(by_seed.size());
  }
  if (by_seed.size() < 2) return measured;
  double squares = 0;
  for (const double value : measured.values)
    squares += (value - measured.mean) * (value - measured.mean);
  measured.sd = std::sqrt(squares / double(by_seed.size() - 1));
  return measured;
}

/// State of the runs of an experiment; of the database alone when no workspace is given.
static CellState state_of(const ResultStore& store, const std::string& key,
                          const std::vector<int64_t>& seeds, const ReportOptions& options) {
  if (!options.workspace.empty()) return cell_state(store, options.workspace, key, seeds);
  CellState cell;
  for (const int64_t seed : seeds)
    (store.has({key, seed}) ? cell.done_seeds : cell.pending_seeds).push_back(seed);
  cell.state = cell.pending_seeds.empty() ? "done"
               : cell.done_seeds.empty()  ? "pending"
                                          : "partial";
  return cell;
}

static ReportCell make_cell(const TableRow& row, const TableColumn& column, const CellState& runs,
                            const ResultStore& store, const ReportOptions& options) {
  ReportCell cell{.column = column.name,
                  .paper = {},
                  .measured = {},
                  .runs = {},
                  .state = runs.state,
                  .reason = runs.reason,
                  .pending_seeds = runs.pending_seeds};
  if (const auto paper = row.paper.find(column.name); paper != row.paper.end())
    cell.paper = paper->second;
  auto values = store.values(row.experiment.key, column.metric);
  std::erase_if(values, [&](const auto& value) {
    return !options.seeds.empty() &&
           std::count(options.seeds.begin(), options.seeds.end(), value.first) == 0;
  });
  cell.runs.push_back(row.experiment.key);
  if (!values.empty()) {
    cell.measured = summarize(values);
  } else if (cell.state == "done") {
    cell.state = "pending";
    cell.reason = fmt::format("the runs were not judged by '{}'", column.metric);
  }
  return cell;
}

ReportTable make_report(const TableSpec& table, const ResultStore& store,
                        const ReportOptions& options) {
  ReportTable report{table.id, table.title, table.scale, table.note, table.columns, {}};
  for (const TableRow& row : table.rows) {
    const auto& seeds = options.seeds.empty() ? row.experiment.seeds : options.seeds;
    const CellState runs = state_of(store, row.experiment.key, seeds, options);
    ReportRow& filled = report.rows.emplace_back();
    filled.label = row.label;
    filled.note = row.note;
    for (const TableColumn& column : table.columns)
      filled.cells.push_back(make_cell(row, column, runs, store, options));
  }
  return report;
}

}  // namespace mra
