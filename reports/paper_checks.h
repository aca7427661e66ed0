#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/paper_audit.h"

namespace mra {

/// What the checks of audit_paper() look at.
struct PaperFigures {
  const SpecLibrary& library;
  std::vector<TableSpec> tables;  ///< at the paper's scale
  std::vector<Claim> claims;      ///< about them
  std::vector<Statement> statements;
  std::map<std::string, Origin> origins;
  bool all_tables = true;

  const TableSpec* table(const std::string& id) const;  ///< null when it is not asked for
  /// Ids of the claims that compare one of `places`.
  std::vector<std::string> claims_on(const std::vector<PaperPlace>& places) const;
};

/// One cell with a number, with everything around it.
struct FigureCell {
  const TableSpec* table;
  const TableColumn* column;
  const TableRow* row;
  const TableCell* cell;

  double value() const { return *cell->paper->value; }
  PaperPlace place() const { return {table->id, row->name(), column->name}; }
  /// "Table 6, Mask Low, Top-1"
  std::string text() const;
  /// The experiment that would measure it; null: none.
  const ExperimentSpec* experiment() const;
};
/// Every cell with a number.
std::vector<FigureCell> figure_cells(const std::vector<TableSpec>& tables);
/// Of one table, by row and column; null when the paper prints no number there.
std::optional<FigureCell> figure_cell(const TableSpec& table, size_t row, size_t column);

/// The numbers that are rounded to a printed one.
struct Rounded {
  double low = 0, high = 0;

  /// Whether a number can be rounded to both; one on the edge of both does not count.
  bool meets(const Rounded& other) const {
    constexpr double kSlack = 1e-9;  // decimal fractions are not exact in binary
    return low < other.high - kSlack && other.low < high - kSlack;
  }
};
Rounded rounded_to(double value, int decimals);
/// With as many decimals as the number needs: 2.04 has two.
Rounded as_stated(double value);

using PaperChecks = std::vector<PaperCheck>;
void check_claimed_numbers(const PaperFigures& paper, PaperChecks& checks);
void check_claimed_spreads(const PaperFigures& paper, PaperChecks& checks);
void check_statements(const PaperFigures& paper, PaperChecks& checks);
void check_origins(const PaperFigures& paper, PaperChecks& checks);
void check_protocols(const PaperFigures& paper, PaperChecks& checks);
void check_sizes(const PaperFigures& paper, PaperChecks& checks);
void check_repeats(const PaperFigures& paper, PaperChecks& checks);

}  // namespace mra
