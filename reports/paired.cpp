#include "reports/paired.h"

#include <algorithm>
#include <cmath>

#include "harness/record/judgement.h"

namespace mra {
namespace {

/// The values of a run that are compared; none where it was not judged for them.
std::vector<double> paired_values(const TableColumn& column, const TableRow& row,
                                  const ExperimentSpec& experiment, int64_t seed,
                                  const ResultStore& store) {
  const auto record = store.run({experiment.key, seed});
  if (!record) return {};
  const std::string id = judgement_of(experiment, metric_of(column.metric, row));
  for (const Judgement& judgement : record->judgements) {
    if (judgement_id(judgement.evaluator, judgement.options) != id) continue;
    const Json values = judgement.details.value(metric_of(column.paired_values, row), Json());
    const bool all_numbers =
        values.is_array() && std::all_of(values.begin(), values.end(),
                                         [](const Json& value) { return value.is_number(); });
    if (all_numbers) return values.get<std::vector<double>>();
  }
  return {};
}

/// `differences`: at least one.
PairedDifference summarised(const std::vector<double>& differences, const std::string& with) {
  const auto n = double(differences.size());
  PairedDifference paired{0, 0, int64_t(differences.size()), with};
  for (const double difference : differences) paired.mean += difference / n;
  double squares = 0;
  for (const double difference : differences) squares += std::pow(difference - paired.mean, 2);
  paired.ci95 = 1.96 * std::sqrt(squares / n) / std::sqrt(n);
  return paired;
}

/// The row of the same group that `row` is compared with; nothing for that row itself.
std::optional<size_t> other_row(const TableSpec& table, const TableColumn& column, size_t row) {
  for (size_t i = 0; i < table.rows.size(); ++i)
    if (i != row && table.rows[i].group == table.rows[row].group &&
        table.rows[i].label == column.paired_with)
      return i;
  return std::nullopt;
}

const ExperimentSpec* experiment_of(const TableRow& row, size_t column) {
  const auto place = row.cells[column].experiment;
  return place ? &row.experiments[*place] : nullptr;
}

}  // namespace

void add_paired_differences(const TableSpec& table, const ResultStore& store, ReportTable& report) {
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const TableColumn& column = table.columns[c];
    if (column.paired_with.empty()) continue;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      const auto other = other_row(table, column, r);
      auto& measured = report.rows[r].cells[c].measured;
      if (!other || !measured) continue;
      const ExperimentSpec* own = experiment_of(table.rows[r], c);
      const ExperimentSpec* against = experiment_of(table.rows[*other], c);
      if (!own || !against) continue;
      std::vector<double> differences;
      for (const int64_t seed : measured->seeds) {
        const auto ours = paired_values(column, table.rows[r], *own, seed, store);
        const auto theirs = paired_values(column, table.rows[*other], *against, seed, store);
        if (ours.size() != theirs.size()) continue;  // judged by other episodes
        for (size_t i = 0; i < ours.size(); ++i) differences.push_back(ours[i] - theirs[i]);
      }
      if (!differences.empty()) measured->paired = summarised(differences, column.paired_with);
    }
  }
}

}  // namespace mra
