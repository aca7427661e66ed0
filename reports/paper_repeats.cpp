#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/paper_checks.h"

// Figures that stand more than once, and experiments that have more than one figure.
namespace mra {

namespace {

std::string metric(const FigureCell& cell) {
  return metric_of(cell.column->metric, *cell.row);
}

PaperCheck check_of(const char* kind, const FigureCell& a, const FigureCell& b, bool agrees) {
  PaperCheck check;
  check.kind = kind;
  check.said = a.value();
  check.said_at = a.text();
  check.found = b.value();
  check.found_at = b.text();
  check.agrees = agrees;
  check.places = {a.place(), b.place()};
  return check;
}

/// Whether two experiments differ in how they train alone: the same pictures, network and methods.
bool differ_in_recipe(const ExperimentSpec& a, const ExperimentSpec& b) {
  Json left = a.resolved, right = b.resolved;
  left.erase("recipe");
  right.erase("recipe");
  return left == right && a.resolved["recipe"] != b.resolved["recipe"];
}

/// "/recipe/epochs 300 and 90"
std::string recipe_differences(const ExperimentSpec& a, const ExperimentSpec& b) {
  const Json &left = a.resolved["recipe"], &right = b.resolved["recipe"];
  std::vector<std::string> differences;
  for (const auto& [key, value] : left.items())
    if (right.value(key, Json()) != value)
      differences.push_back(
          fmt::format("/recipe/{} {} and {}", key, value.dump(), right.value(key, Json()).dump()));
  return fmt::format("{}", fmt::join(differences, ", "));
}

/// Whether the publication that a figure is from prints the same, so that nothing is strange about
/// meeting it twice.
bool is_quoted(const FigureCell& cell) {
  const Published& printed = *cell.cell->paper;
  return printed.origin_value && *printed.origin_value == *printed.value;
}

/// Cells of two tables that would be measured with the same metric.
void compare_tables(const FigureCell& a, const FigureCell& b, PaperChecks& checks) {
  const ExperimentSpec &left = *a.experiment(), &right = *b.experiment();
  if (left.key == right.key) {
    checks.push_back(check_of("same run", a, b, a.value() == b.value()));
  } else if (differ_in_recipe(left, right)) {
    checks.push_back(check_of("same figure", a, b, a.value() != b.value()));
    if (!checks.back().agrees) checks.back().remark = recipe_differences(left, right);
  }
}

/// Cells of one column whose experiments differ.
void compare_rows(const FigureCell& a, const FigureCell& b, PaperChecks& checks) {
  if (a.experiment()->key == b.experiment()->key || (is_quoted(a) && is_quoted(b))) return;
  checks.push_back(check_of("twice", a, b, a.value() != b.value()));
}

}  // namespace

void check_repeats(const PaperFigures& paper, PaperChecks& checks) {
  std::vector<FigureCell> cells = figure_cells(paper.tables);
  std::erase_if(cells, [](const FigureCell& cell) { return cell.experiment() == nullptr; });
  for (size_t i = 0; i < cells.size(); ++i)
    for (size_t j = i + 1; j < cells.size(); ++j) {
      const FigureCell &a = cells[i], &b = cells[j];
      if (metric(a) != metric(b)) continue;
      if (a.table != b.table) compare_tables(a, b, checks);
      if (a.column == b.column) compare_rows(a, b, checks);
    }
  for (PaperCheck& check : checks)
    if (check.claims.empty() && !check.agrees) check.claims = paper.claims_on(check.places);
}

}  // namespace mra
