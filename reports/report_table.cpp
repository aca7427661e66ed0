#include "reports/report_table.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "reports/cell_verdict.h"
#include "reports/paired.h"
#include "reports/row_evidence.h"
#include "reports/statistics.h"
#include "reports/verdict.h"

namespace mra {

/// `by_seed`: at least one value.
static Measured measured_of(const std::vector<std::pair<int64_t, double>>& by_seed) {
  Measured measured;
  for (const auto& [seed, value] : by_seed) {
    measured.seeds.push_back(seed);
    measured.values.push_back(value);
  }
  const Sample sample = summarize(measured.values);
  measured.mean = sample.mean;
  measured.sd = sample.sd;
  measured.ci95 = sample.ci95;
  return measured;
}

/// The states of a row's experiments, in their order.
static std::vector<CellProgress> progress_of(const TableRow& row, const ResultStore& store,
                                             const ReportOptions& options) {
  std::vector<CellProgress> all;
  for (const ExperimentSpec& experiment : row.experiments)
    all.push_back(cell_progress(store, options.workspace, experiment,
                                options.seeds.empty() ? experiment.seeds : options.seeds));
  return all;
}

namespace {

/// A cell that runs of `experiment` fill, and where their results are.
struct CellQuestion {
  const TableColumn& column;
  const TableRow& row;
  const ExperimentSpec& experiment;
  const ResultStore& store;
  const ReportOptions& options;
};

}  // namespace

/// {seed, value} of a metric, for the seeds that the options choose. `pattern`: of metric_of().
static std::vector<std::pair<int64_t, double>> values_of(const CellQuestion& cell,
                                                         const std::string& pattern) {
  const std::string metric = metric_of(pattern, cell.row), &key = cell.experiment.key;
  const std::string judgement = judgement_of(cell.experiment, metric);
  auto values = judgement.empty() ? cell.store.values(key, metric)
                                  : cell.store.judged_values(key, judgement, metric);
  const auto& seeds = cell.options.seeds;
  std::erase_if(values, [&](const auto& value) {
    return !seeds.empty() && std::count(seeds.begin(), seeds.end(), value.first) == 0;
  });
  return values;
}

/// Whether a metric is a share of the validation pictures, all of which count alike.
static bool is_share(const std::string& metric) {
  if (metric.find("/tail_") != std::string::npos) return false;  // of several evaluations
  return metric.starts_with("top1") || metric.starts_with("top5") ||
         metric.starts_with("occlusion/top1");
}

/// How sure a single seed's share is, as far as the number of pictures goes.
static std::optional<Interval> over_pictures(const ResultStore& store, const RunId& id,
                                             double percent) {
  const Json pictures = store.environment(id).value("/dataset/val_pictures"_json_pointer, Json());
  if (!pictures.is_number_integer() || pictures < 1) return std::nullopt;
  return share_interval(percent, pictures.get<int64_t>());
}

/// The difference of each measured figure to that of the baseline in its group.
static void add_baseline_differences(ReportTable& report) {
  for (const ReportRow& baseline : report.rows) {
    if (baseline.label != report.baseline) continue;
    for (ReportRow& row : report.rows)
      for (size_t i = 0; i < row.cells.size(); ++i) {
        const auto& theirs = baseline.cells[i].measured;
        auto& ours = row.cells[i].measured;
        const bool fits = ours && theirs && row.group == baseline.group && &row != &baseline &&
                          report.columns[i].kind == ColumnKind::kMeasured;
        if (fits) ours->to_baseline = ours->mean - theirs->mean;
      }
  }
}

/// Adds to a measured cell the interval within a run, if the column has one, and the values of the
/// best epoch, if every seed recorded one.
static void add_details(Measured& measured, const CellQuestion& cell) {
  const auto best = values_of(cell, cell.column.metric + "/best");
  if (best.size() == measured.values.size())
    for (const auto& [seed, value] : best) measured.best_values.push_back(value);
  if (measured.values.size() == 1 && cell.column.unit == "%" && is_share(cell.column.metric))
    measured.over_pictures =
        over_pictures(cell.store, {cell.experiment.key, measured.seeds[0]}, measured.mean);
  if (cell.column.spread_metric.empty()) return;
  const auto spreads = values_of(cell, cell.column.spread_metric);
  if (spreads.size() == measured.values.size())
    measured.within_run_ci95 = measured_of(spreads).mean;
}

static void fill_from_runs(ReportCell& cell, const CellQuestion& question,
                           const CellProgress& runs) {
  const std::string& key = question.experiment.key;
  cell.state = runs.state;
  cell.reason = runs.reason;
  cell.pending_seeds = runs.pending_seeds;
  cell.runs.push_back(key);
  const auto values = values_of(question, question.column.metric);
  if (!values.empty()) {
    cell.measured = measured_of(values);
    add_details(*cell.measured, question);
    std::vector<Grade> grades;
    for (const int64_t seed : cell.measured->seeds)
      grades.push_back(question.store.grade({key, seed}));
    cell.grade = worst(grades);
  } else if (cell.state == CellState::kDone &&
             curve_place(metric_of(question.column.metric, question.row))) {
    cell.reason = "the curve begins later, or the run has none of this name";
  } else if (cell.state == CellState::kDone) {
    cell.state = CellState::kPending;
    cell.reason = fmt::format("the runs were not judged by '{}'",
                              metric_of(question.column.metric, question.row));
  }
  if (cell.state == CellState::kPending && cell.reason.empty())
    cell.reason = question.column.lacking;
}

/// The records of all runs that fill cells, sorted by key and seed, each run once.
static std::vector<RunRecord> records_of(const ReportTable& report, const ResultStore& store) {
  std::set<RunId> ids;
  for (const ReportRow& row : report.rows)
    for (const ReportCell& cell : row.cells)
      if (cell.measured)
        for (const int64_t seed : cell.measured->seeds) ids.insert({cell.runs.front(), seed});
  std::vector<RunRecord> records;
  for (const RunId& id : ids)
    if (auto record = store.run(id)) {
      record->curves.clear();
      records.push_back(std::move(*record));
    }
  return records;
}

/// Verdicts on the claims about the table, and on its cells.
static void add_verdicts(const TableSpec& table, const ResultStore& store,
                         std::vector<Claim> claims, ReportTable& report) {
  std::erase_if(claims, [&](const Claim& claim) { return claim.table != table.id; });
  add_evidence(table, claims, store, report);
  for (ReportRow& row : report.rows)
    for (size_t i = 0; i < row.cells.size(); ++i)
      row.cells[i].judged = judge_cell(report, row.cells[i], report.columns[i], claims);
  for (const Claim& claim : claims) report.claims.push_back(judge(claim, table, report));
}

ReportTable make_report(const TableSpec& table, const ResultStore& store,
                        const ReportOptions& options) {
  ReportTable report;
  report.id = table.id;
  report.title = table.title;
  report.scale = table.scale;
  report.note = table.note;
  report.spread = table.spread;
  report.baseline = table.baseline;
  report.fill_command =
      fmt::format("harness run {} --scale {}{}", table.id, table.scale, options.run_options);
  report.figure = table.figure;
  report.columns = table.columns;
  report.origins = table.origins;
  report.deviations = options.deviations;
  for (const TableRow& row : table.rows) {
    const auto progress = progress_of(row, store, options);
    ReportRow& filled = report.rows.emplace_back(ReportRow{row.group, row.label, row.note, {}});
    for (size_t i = 0; i < table.columns.size(); ++i) {
      ReportCell& cell = filled.cells.emplace_back();
      cell.column = table.columns[i].name;
      cell.paper = row.cells[i].paper;
      cell.structural = row.cells[i].structural;
      if (const auto place = row.cells[i].experiment)
        fill_from_runs(cell, {table.columns[i], row, row.experiments[*place], store, options},
                       progress[*place]);
    }
  }
  add_paired_differences(table, store, report);
  add_baseline_differences(report);
  report.measured_on = measured_on(table, report, store);
  add_verdicts(table, store, options.claims, report);
  report.drawn = drawn_of(table, store, options.seeds);
  if (options.with_records) report.records = records_of(report, store);
  return report;
}

CellCount count_cells(const ReportTable& table) {
  CellCount count;
  for (const ReportRow& row : table.rows)
    for (const ReportCell& cell : row.cells) {
      if (!cell.state) continue;
      ++count.all;
      count.done += cell.state == CellState::kDone;
      count.unavailable += cell.state == CellState::kUnavailable;
    }
  return count;
}

std::string progress_text(const CellCount& count) {
  if (count.all == 0) return "nothing to measure";
  if (count.done == count.all) return "finished";
  std::string text = fmt::format("{} of {} cells measured", count.done, count.all);
  if (count.unavailable > 0) text += fmt::format(", {} unavailable", count.unavailable);
  return text;
}

}  // namespace mra
