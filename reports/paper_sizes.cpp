#include <cmath>

#include <fmt/format.h>

#include "harness/spec/mae_parameters.h"
#include "harness/spec/shallow_json.h"
#include "reports/paper_checks.h"

// Layers, widths and numbers of parameters that tables print: against the specs, and, as the number
// of parameters follows from the others, against one another.
namespace mra {

namespace {

PaperCheck check_of(const FigureCell& cell, double found, const std::string& found_at) {
  PaperCheck check;
  check.kind = "size";
  check.said = cell.value();
  check.said_at = cell.text();
  check.found = std::stod(fmt::format("{:.{}f}", found, cell.column->decimals));
  check.found_at = found_at;
  const Rounded printed = rounded_to(cell.value(), cell.column->decimals);
  check.agrees = printed.low <= found && found <= printed.high;
  check.places = {cell.place()};
  return check;
}

/// The parameters, in millions, of the row's augmentor with the sizes that the row prints; adds the
/// cells that it takes to `places`. Nothing when it prints no size of the model.
std::optional<double> parameters_as_printed(const TableSpec& table, size_t row,
                                            const ExperimentSpec& augmentor,
                                            std::vector<PaperPlace>& places) {
  Json spec = {{"model", augmentor.model}};
  bool any = false;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& pointer = table.columns[i].pointer;
    const auto cell = figure_cell(table, row, i);
    if (!cell || !pointer.starts_with("/model/")) continue;
    const Json* known = find_at(spec, Json::json_pointer(pointer));
    if (known == nullptr || !known->is_number()) continue;
    spec[Json::json_pointer(pointer)] = std::llround(cell->value());
    places.push_back(cell->place());
    any = true;
  }
  if (!any) return std::nullopt;
  return double(mae_parameters(SpecReader(spec["model"], augmentor.file, "/model"))) / 1e6;
}

void check_row(const PaperFigures& paper, const TableSpec& table, size_t row, PaperChecks& checks) {
  const auto& experiments = table.rows[row].experiments;
  if (experiments.empty() || experiments[0].dependencies.empty()) return;
  const std::string& name = experiments[0].dependencies[0].experiment;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    const auto cell = figure_cell(table, row, i);
    if (column.kind != ColumnKind::kStructural || !cell) continue;
    if (const auto& ours = cell->cell->structural)
      checks.push_back(check_of(*cell, *ours, fmt::format("{}, {}", name, column.pointer)));
    if (column.pointer != "parameters") continue;
    std::vector<PaperPlace> places = {cell->place()};
    const auto found =
        parameters_as_printed(table, row, paper.library.experiment(name, "paper"), places);
    if (!found) continue;
    checks.push_back(check_of(*cell, *found, "parameters of the sizes that the row prints"));
    checks.back().places = places;
  }
}

}  // namespace

void check_sizes(const PaperFigures& paper, PaperChecks& checks) {
  for (const TableSpec& table : paper.tables)
    for (size_t row = 0; row < table.rows.size(); ++row) check_row(paper, table, row, checks);
}

}  // namespace mra
