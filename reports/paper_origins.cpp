#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/spec/shallow_json.h"
#include "reports/layout.h"
#include "reports/paper_checks.h"

// Figures of other publications, held against those publications and against the settings of the
// table that they stand in.
namespace mra {

namespace {

/// What the publication prints that equals `value`, for another thing: "equals its … (47.94)".
std::string other_figure(const Origin& origin, double value) {
  for (const auto& [name, figure] : origin.figures)
    if (figure == value) return fmt::format("equals its {}", name);
  return "";
}

/// Whether a fact, or one of a list of them, is `value`.
bool holds(const Json& fact, const Json& value) {
  return fact == value ||
         (fact.is_array() && std::find(fact.begin(), fact.end(), value) != fact.end());
}

/// The row names of cells, "Baseline, Cutout".
std::string row_names(const std::vector<PaperPlace>& places) {
  std::vector<std::string> names;
  for (const PaperPlace& place : places)
    if (std::find(names.begin(), names.end(), place.row) == names.end()) names.push_back(place.row);
  return fmt::format("{}", fmt::join(names, ", "));
}

/// Adds one cell to the check of its table, publication and setting.
void add_setting(PaperChecks& checks, const FigureCell& cell, const Origin& origin,
                 const std::string& pointer, const Json& fact) {
  const Json* ours = find_at(cell.experiment()->resolved, Json::json_pointer(pointer));
  if (ours == nullptr) return;
  PaperCheck check;
  check.kind = "protocol";
  check.said = *ours;
  check.said_at = fmt::format("{}, {}", heading_of(cell.table->id), pointer);
  check.found = fact;
  check.found_at = origin.title;
  check.agrees = holds(fact, *ours);
  const auto same = [&](const PaperCheck& known) {
    return known.said_at == check.said_at && known.found_at == check.found_at &&
           known.said == check.said;
  };
  auto known = std::find_if(checks.begin(), checks.end(), same);
  if (known == checks.end()) known = checks.insert(checks.end(), std::move(check));
  known->places.push_back(cell.place());
}

}  // namespace

void check_origins(const PaperFigures& paper, PaperChecks& checks) {
  for (const FigureCell& cell : figure_cells(paper.tables)) {
    const Published& printed = *cell.cell->paper;
    if (printed.origin.empty() || !printed.origin_value) continue;
    const Origin& origin = paper.origins.at(printed.origin);
    PaperCheck check;
    check.kind = "origin";
    check.said = cell.value();
    check.said_at = cell.text();
    check.found = *printed.origin_value;
    check.found_at = origin.title;
    check.agrees = cell.value() == *printed.origin_value;
    check.places = {cell.place()};
    check.claims = paper.claims_on(check.places);
    if (!check.agrees) check.remark = other_figure(origin, cell.value());
    checks.push_back(std::move(check));
  }
}

void check_protocols(const PaperFigures& paper, PaperChecks& checks) {
  PaperChecks found;
  for (const FigureCell& cell : figure_cells(paper.tables)) {
    const std::string& id = cell.cell->paper->origin;
    if (id.empty() || cell.experiment() == nullptr) continue;
    const Origin& origin = paper.origins.at(id);
    for (const auto& [pointer, fact] : origin.facts.items())
      if (is_json_pointer(pointer)) add_setting(found, cell, origin, pointer, fact);
  }
  for (PaperCheck& check : found) {
    check.claims = paper.claims_on(check.places);
    check.remark = fmt::format("rows {}", row_names(check.places));
    checks.push_back(std::move(check));
  }
}

}  // namespace mra
