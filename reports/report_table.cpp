#include "reports/report_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

/// The states of a row's experiments, in their order.
static std::vector<CellState> states_of(const TableRow& row, const ResultStore& store,
                                        const ReportOptions& options) {
  std::vector<CellState> states;
  for (const ExperimentSpec& experiment : row.experiments) {
    const auto& seeds = options.seeds.empty() ? experiment.seeds : options.seeds;
    CellState& state = states.emplace_back(state_of(store, experiment.key, seeds, options));
    if (state.pending_seeds.empty() || experiment.unbuilt.empty()) continue;
    state.state = "unavailable";
    state.reason = fmt::format("method not built: {}", fmt::join(experiment.unbuilt, ", "));
  }
  return states;
}

/// The values of a metric, of the seeds that count.
static std::vector<std::pair<int64_t, double>> values_of(const ResultStore& store,
                                                         const std::string& key,
                                                         const std::string& metric,
                                                         const ReportOptions& options) {
  auto values = store.values(key, metric);
  std::erase_if(values, [&](const auto& value) {
    return !options.seeds.empty() &&
           std::count(options.seeds.begin(), options.seeds.end(), value.first) == 0;
  });
  return values;
}

static void fill_from_runs(ReportCell& cell, const std::string& metric,
                           const ExperimentSpec& experiment, const CellState& runs,
                           const ResultStore& store, const ReportOptions& options) {
  cell.state = runs.state;
  cell.reason = runs.reason;
  cell.pending_seeds = runs.pending_seeds;
  cell.runs.push_back(experiment.key);
  const auto values = values_of(store, experiment.key, metric, options);
  if (!values.empty()) {
    cell.measured = summarize(values);
  } else if (cell.state == "done") {
    cell.state = "pending";
    cell.reason = fmt::format("the runs were not judged by '{}'", metric);
  }
}

ReportTable make_report(const TableSpec& table, const ResultStore& store,
                        const ReportOptions& options) {
  ReportTable report;
  report.id = table.id;
  report.title = table.title;
  report.scale = table.scale;
  report.note = table.note;
  report.spread = table.spread;
  report.figure = table.figure;
  report.columns = table.columns;
  report.origins = table.origins;
  report.deviations = options.deviations;
  for (const TableRow& row : table.rows) {
    const auto states = states_of(row, store, options);
    ReportRow& filled = report.rows.emplace_back(ReportRow{row.group, row.label, row.note, {}});
    for (size_t i = 0; i < table.columns.size(); ++i) {
      ReportCell& cell = filled.cells.emplace_back();
      cell.column = table.columns[i].name;
      cell.paper = row.cells[i].paper;
      cell.structural = row.cells[i].structural;
      if (const auto place = row.cells[i].experiment)
        fill_from_runs(cell, metric_of(table.columns[i].metric, row), row.experiments[*place],
                       states[*place], store, options);
    }
  }
  return report;
}

}  // namespace mra
