#include "reports/row_evidence.h"

#include <set>

#include <fmt/format.h>

namespace mra {

/// One for each seed, with the pictures of `metric` alone; empty where a run lacks them.
static std::vector<Evidence> evidence_of(const std::string& key, const std::vector<int64_t>& seeds,
                                         const std::string& metric, const ResultStore& store) {
  std::vector<Evidence> all;
  for (const int64_t seed : seeds) {
    const RunId id{key, seed};
    const std::string bytes = store.evidence(id);
    if (bytes.empty()) return {};
    Evidence& one = all.emplace_back(evidence_from_bytes(bytes, "evidence of " + text(id)));
    if (!one.right.contains(metric)) return {};
    std::erase_if(one.right, [&](const auto& entry) { return entry.first != metric; });
  }
  return all;
}

void add_evidence(const TableSpec& table, const std::vector<Claim>& claims,
                  const ResultStore& store, ReportTable& report) {
  std::set<std::pair<size_t, size_t>> compared;  // row, column
  for (const Claim& claim : claims)
    for (const Comparison& place : comparisons_of(claim, table))
      for (const size_t row : {place.first, place.second}) compared.emplace(row, place.column);
  for (const auto& [row, column] : compared) {
    ReportCell& cell = report.rows[row].cells[column];
    if (cell.measured)
      cell.measured->evidence =
          evidence_of(cell.runs.front(), cell.measured->seeds,
                      metric_of(table.columns[column].metric, table.rows[row]), store);
  }
}

static Json dataset_of(const TableSpec& table, size_t row, size_t column) {
  const auto experiment = table.rows[row].cells[column].experiment;
  return table.rows[row].experiments.at(experiment.value_or(0)).resolved.value("dataset", Json());
}

static const std::vector<Evidence>& evidence_in(const ReportTable& report, size_t row,
                                                size_t column) {
  static const std::vector<Evidence> kNone;
  const auto& measured = report.rows[row].cells[column].measured;
  return measured ? measured->evidence : kNone;
}

std::string wrong_evidence(const TableSpec& table, const ReportTable& report,
                           const Comparison& place) {
  const auto& first = evidence_in(report, place.first, place.column);
  const auto& second = evidence_in(report, place.second, place.column);
  const bool same_data =
      dataset_of(table, place.first, place.column) == dataset_of(table, place.second, place.column);
  for (const auto& [row, own] : {std::pair(place.first, &first), std::pair(place.second, &second)})
    for (const Evidence& one : *own) {
      const Evidence& expected = same_data && !first.empty() ? first.front() : own->front();
      const Json dataset = dataset_of(table, row, place.column);
      const std::string declared = dataset.is_object() ? dataset.value("name", "") : "";
      std::string other = other_pictures(one, expected);
      if (other.empty() && one.dataset != declared)
        other = fmt::format("of {}, and not of {}", one.dataset, declared);
      if (!other.empty())
        return fmt::format("evidence of {} is {}: harness run --fresh repeats it",
                           table.rows[row].name(), other);
    }
  return "";
}

std::optional<PairedPictures> paired_rows(const Measured& first, const Measured& second) {
  if (first.evidence.size() < 2 || second.evidence.empty() || first.seeds != second.seeds ||
      !other_pictures(first.evidence.front(), second.evidence.front()).empty() ||
      first.evidence.front().pictures < 2)
    return std::nullopt;
  const auto right_of = [](const Measured& row) {
    std::vector<std::vector<bool>> right;
    for (const Evidence& one : row.evidence) right.push_back(one.right.begin()->second);
    return right;
  };
  return paired_pictures(right_of(first), right_of(second));
}

}  // namespace mra
