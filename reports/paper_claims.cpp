#include <cmath>

#include <fmt/format.h>

#include "reports/layout.h"
#include "reports/paper_checks.h"
#include "reports/significance.h"

// What the paper's text says in numbers, computed again from its tables.
namespace mra {

namespace {

constexpr double kSlack = 1e-9;  ///< of sums of decimal fractions in binary

/// As a person would write it: at most nine digits.
double tidy(double value) {
  return std::stod(fmt::format("{:.9g}", value));
}

double to_decimals(double value, int decimals) {
  return std::stod(fmt::format("{:.{}f}", value, decimals));
}

/// Two rows of a claim that the paper prints.
struct PrintedPair {
  FigureCell first, second;
};

std::vector<PrintedPair> printed_pairs(const Claim& claim, const TableSpec& table) {
  std::vector<PrintedPair> pairs;
  if (is_of_one_row(claim.kind)) return pairs;
  for (const Comparison& one : comparisons_of(claim, table)) {
    const auto first = figure_cell(table, one.first, one.column);
    const auto second = figure_cell(table, one.second, one.column);
    if (first && second) pairs.push_back({*first, *second});
  }
  return pairs;
}

Rounded difference(const Rounded& a, const Rounded& b) {
  return {a.low - b.high - kSlack, a.high - b.low + kSlack};
}

/// Whether the text's number and the two cells can be of the same measurement.
bool agrees(const Claim& claim, const PrintedPair& pair) {
  const double sign = claim.lower_is_better ? -1 : 1;
  const double gap = sign * (pair.first.value() - pair.second.value());
  const Rounded first = rounded_to(pair.first.value(), pair.first.column->decimals);
  const Rounded second = rounded_to(pair.second.value(), pair.second.column->decimals);
  const Rounded range = sign > 0 ? difference(first, second) : difference(second, first);
  switch (claim.kind) {
    case ClaimKind::kOrder:
      return gap > 0 && range.high >= claim.by;
    case ClaimKind::kGap:
      return range.meets(as_stated(claim.by));
    case ClaimKind::kEqual:
      return std::abs(gap) <= claim.margin->value + kSlack;
    case ClaimKind::kRatio:
      return second.low > 0 &&
             Rounded{first.low / second.high, first.high / second.low}.meets(as_stated(claim.by));
    case ClaimKind::kLevel:
    case ClaimKind::kHalves:
      break;
  }
  return true;
}

/// What the claim says of the pair, as a number or a sign.
Json claimed(const Claim& claim) {
  if (claim.kind == ClaimKind::kEqual) return fmt::format("at most {}", claim.margin->value);
  if (claim.kind != ClaimKind::kOrder) return claim.by;
  return fmt::format("above {}", claim.by);
}

PaperCheck check_of(const char* kind, const Claim& claim, const PrintedPair& pair) {
  PaperCheck check;
  check.kind = kind;
  check.id = claim.id;
  check.said = claimed(claim);
  check.said_at = fmt::format("{}, \"{}\"", claim.place, claim.sentence);
  check.places = {pair.first.place(), pair.second.place()};
  check.claims = {claim.id};
  return check;
}

/// "Table 1, Top-1: MRA 78.35 − Baseline 76.31"
std::string pair_text(const PrintedPair& pair, const char* sign) {
  return fmt::format("{}, {}: {} {} {} {} {}", heading_of(pair.first.table->id),
                     pair.first.column->title, pair.first.row->name(), pair.first.value(), sign,
                     pair.second.row->name(), pair.second.value());
}

/// What a cell's spread is known to be, as the error of its figure.
struct CellError {
  double standard_error = 0, degrees = 0;
};

std::optional<CellError> error_of(const FigureCell& cell) {
  constexpr double kMany = 1e6, kNormal95 = 1.96;
  const Published& printed = *cell.cell->paper;
  if (printed.spread) return CellError{*printed.spread / kNormal95, kMany};
  if (printed.origin_spread && printed.origin_runs.value_or(0) >= 2)
    return CellError{*printed.origin_spread / std::sqrt(double(*printed.origin_runs)),
                     double(*printed.origin_runs - 1)};
  return std::nullopt;
}

}  // namespace

Rounded rounded_to(double value, int decimals) {
  const double half = 0.5 * std::pow(10.0, -decimals);
  return {value - half, value + half};
}

Rounded as_stated(double value) {
  constexpr int kMost = 9;
  const std::string digits = fmt::format("{:.{}f}", value, kMost);
  return rounded_to(value, kMost - int(digits.size() - 1 - digits.find_last_not_of('0')));
}

void check_claimed_numbers(const PaperFigures& paper, PaperChecks& checks) {
  for (const Claim& claim : paper.claims)
    for (const PrintedPair& pair : printed_pairs(claim, *paper.table(claim.table))) {
      const bool is_ratio = claim.kind == ClaimKind::kRatio;
      PaperCheck check = check_of("claim", claim, pair);
      check.found = tidy(is_ratio ? pair.first.value() / pair.second.value()
                                  : pair.first.value() - pair.second.value());
      check.found_at = pair_text(pair, is_ratio ? "/" : "−");
      check.agrees = agrees(claim, pair);
      checks.push_back(std::move(check));
    }
}

/// Gains between rows of which at least one has a published spread; the other is taken to have the
/// same.
void check_claimed_spreads(const PaperFigures& paper, PaperChecks& checks) {
  for (const Claim& claim : paper.claims) {
    if (claim.kind != ClaimKind::kOrder && claim.kind != ClaimKind::kGap) continue;
    for (const PrintedPair& pair : printed_pairs(claim, *paper.table(claim.table))) {
      const auto first = error_of(pair.first), second = error_of(pair.second);
      if (!first && !second) continue;
      const CellError a = first ? *first : *second;
      const CellError b = second ? *second : a;
      const double sign = claim.lower_is_better ? -1 : 1;
      const Difference gain{sign * (pair.first.value() - pair.second.value()),
                            std::hypot(a.standard_error, b.standard_error),
                            std::min(a.degrees, b.degrees)};
      const Interval range = interval(gain);
      PaperCheck check = check_of("spread", claim, pair);
      const int decimals = pair.first.column->decimals;
      check.found = {to_decimals(range.low, decimals), to_decimals(range.high, decimals)};
      check.found_at = fmt::format("90 % interval of {}", pair_text(pair, "−"));
      check.agrees = p_above(gain, 0) < kAlpha;
      if (!first || !second)
        check.remark = fmt::format("{} has no published spread; that of the other is assumed",
                                   (first ? pair.second : pair.first).row->name());
      checks.push_back(std::move(check));
    }
  }
}

}  // namespace mra
