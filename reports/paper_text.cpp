#include <algorithm>

#include <fmt/format.h>

#include "harness/base/suggest.h"
#include "harness/spec/shallow_json.h"
#include "reports/layout.h"
#include "reports/paper_checks.h"

// Numbers of the paper's text, held against its tables, the specs and what it builds on.
namespace mra {

namespace {

PaperCheck check_of(const Statement& statement) {
  PaperCheck check;
  check.kind = "text";
  check.id = statement.id;
  check.said = statement.value;
  check.said_at = fmt::format("{}, \"{}\"", statement.place, statement.sentence);
  return check;
}

template <typename Items, typename Name>
size_t index_of(const Items& items, Name name, const std::string& wanted, const std::string& where,
                const std::string& what) {
  std::vector<std::string> names;
  for (const auto& item : items) names.push_back(name(item));
  const auto found = std::find(names.begin(), names.end(), wanted);
  check(found != names.end(), ErrorKind::kUsage, where,
        fmt::format("there is no {} '{}'", what, wanted), suggestion(wanted, names));
  return size_t(found - names.begin());
}

size_t column_of(const Statement& statement, const TableSpec& table, const std::string& column) {
  return index_of(
      table.columns, [](const TableColumn& one) { return one.name; }, column,
      statement.where + "/column", "column");
}

FigureCell cell_of(const Statement& statement, const TableSpec& table, size_t row,
                   const std::string& column) {
  const auto cell = figure_cell(table, row, column_of(statement, table, column));
  check(cell.has_value(), ErrorKind::kUsage, statement.where,
        fmt::format("{} prints no number for {} in '{}'", table.id, table.rows[row].name(), column),
        "name a cell that has one");
  return *cell;
}

Rounded range_of(const FigureCell& cell) {
  return rounded_to(cell.value(), cell.column->decimals);
}

PaperCheck against_cell(const Statement& statement, const TableSpec& table) {
  const size_t row = index_of(
      table.rows, [](const TableRow& one) { return one.name(); }, statement.row,
      statement.where + "/row", "row");
  const FigureCell cell = cell_of(statement, table, row, statement.column);
  PaperCheck check = check_of(statement);
  check.found = cell.value();
  check.found_at = cell.text();
  check.agrees =
      statement.value.is_number() && as_stated(statement.value.get<double>()).meets(range_of(cell));
  check.places = {cell.place()};
  return check;
}

/// One row: the printed sum against the sum of what is printed.
PaperCheck against_sum(const Statement& statement, const TableSpec& table, size_t row) {
  const FigureCell total = cell_of(statement, table, row, statement.column);
  PaperCheck check = check_of(statement);
  check.said = total.value();
  check.said_at = total.text();
  check.places = {total.place()};
  Rounded sum;
  for (const auto& [column, weight] : statement.sum_of) {
    const FigureCell part = cell_of(statement, table, row, column);
    sum.low += weight * range_of(part).low;
    sum.high += weight * range_of(part).high;
    check.found_at += fmt::format("{}{} {}", check.found_at.empty() ? "" : " + ", weight, column);
    check.places.push_back(part.place());
  }
  check.found = std::stod(fmt::format("{:.{}f}", (sum.low + sum.high) / 2, total.column->decimals));
  check.agrees = sum.meets(range_of(total));
  return check;
}

PaperCheck against_spec(const Statement& statement, const SpecLibrary& library) {
  PaperCheck check = check_of(statement);
  const Json resolved = library.experiment(statement.experiment, "paper").resolved;
  const Json* value = is_json_pointer(statement.pointer)
                          ? find_at(resolved, Json::json_pointer(statement.pointer))
                          : nullptr;
  mra::check(value != nullptr, ErrorKind::kUsage, statement.where + "/pointer",
             fmt::format("{} has nothing at '{}'", statement.experiment, statement.pointer),
             "name a place in the spec, such as /recipe/epochs");
  check.found = *value;
  check.found_at = fmt::format("{}, {}", statement.experiment, statement.pointer);
  check.agrees = *value == statement.value;
  return check;
}

PaperCheck against_origin(const Statement& statement,
                          const std::map<std::string, Origin>& origins) {
  index_of(
      origins, [](const auto& entry) { return entry.first; }, statement.origin,
      statement.where + "/origin", "origin");
  const Origin& origin = origins.at(statement.origin);
  index_of(
      origin.facts.items(), [](const auto& entry) { return entry.key(); }, statement.fact,
      statement.where + "/fact", "fact");
  PaperCheck check = check_of(statement);
  check.found = origin.facts.at(statement.fact);
  check.found_at = fmt::format("{}, {}", origin.title, statement.fact);
  check.agrees = check.found == statement.value;
  return check;
}

}  // namespace

void check_statements(const PaperFigures& paper, PaperChecks& checks) {
  for (const Statement& statement : paper.statements) {
    if (statement.table.empty()) {
      if (paper.all_tables)
        checks.push_back(statement.origin.empty() ? against_spec(statement, paper.library)
                                                  : against_origin(statement, paper.origins));
      continue;
    }
    match_name(statement.table, paper.library.table_ids(), "table or figure");
    const TableSpec* table = paper.table(statement.table);
    if (table == nullptr) continue;
    if (statement.sum_of.empty())
      checks.push_back(against_cell(statement, *table));
    else
      for (size_t row = 0; row < table->rows.size(); ++row)
        checks.push_back(against_sum(statement, *table, row));
  }
}

}  // namespace mra
