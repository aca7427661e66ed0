#include "reports/preface.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <fmt/format.h>

namespace mra {

namespace {

using Part = LaidColumn::Part;

bool judged_over_pictures(const ReportTable& table) {
  for (const ReportRow& row : table.rows)
    for (const ReportCell& cell : row.cells)
      if (cell.measured && cell.measured->over_pictures) return true;
  return false;
}

bool has_part(const std::vector<LaidColumn>& columns, Part part) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const LaidColumn& column) { return column.part == part; });
}

bool has_kind(const ReportTable& table, ColumnKind kind) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [&](const TableColumn& column) { return column.kind == kind; });
}

/// What intervals within a run stand for, of the columns that give any.
void add_intervals(const ReportTable& table, std::vector<std::string>& preface) {
  std::set<std::string> units;  // "episodes", …
  for (const TableColumn& column : table.columns)
    if (!column.spread_metric.empty()) units.insert(column.spread_over);
  for (const std::string& over : units)
    preface.push_back(fmt::format("{}{}: half the 95 % interval over the {} of a seed, mean.",
                                  char(std::toupper(static_cast<unsigned char>(over[0]))),
                                  over.substr(1), over));
  for (const TableColumn& column : table.columns) {
    if (column.paired_with.empty()) continue;
    preface.push_back(fmt::format(
        "To {0}: difference over the same {1}, and half of its 95 % interval over the {1}.",
        column.paired_with, column.spread_over));
    break;
  }
}

}  // namespace

std::vector<std::string> preface_of(const ReportTable& table,
                                    const std::vector<LaidColumn>& columns) {
  std::vector<std::string> preface = {fmt::format("Scale: {}.", table.scale)};
  if (has_part(columns, Part::kMeasured))
    preface.push_back(
        "Measured: last epoch, mean ± standard deviation [95 % t-interval of the mean] over n "
        "seeds.");
  if (judged_over_pictures(table))
    preface.push_back(
        "Of one seed: 95 % interval over the pictures judged, which tells nothing of other "
        "seeds or epochs.");
  if (has_part(columns, Part::kBest)) preface.push_back("Best epoch: chosen on the same pictures.");
  add_intervals(table, preface);
  if (!table.spread.empty()) preface.push_back(fmt::format("Paper's ±: {}.", table.spread));
  if (has_kind(table, ColumnKind::kSpeed))
    preface.push_back("Speeds are of one machine; ratios to the first row (×) carry over.");
  if (has_kind(table, ColumnKind::kStructural))
    preface.push_back("Spec: computed from the spec at this scale.");
  if (table.scale != "paper")
    preface.push_back(fmt::format(
        "The paper's figures are of its own data and recipe: at scale {} compare the order.",
        table.scale));
  for (const std::string& deviation : table.deviations)
    preface.push_back(fmt::format("NOT THE DECLARED EXPERIMENT: run with --set {}.", deviation));
  return preface;
}

}  // namespace mra
