#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/table.h"

namespace mra {

/// What a claim says of the rows it compares.
enum class ClaimKind {
  kOrder,  ///< each row is better than the next, by at least Claim::by
  kGap,    ///< the first row is better than the second by Claim::by
  kEqual,  ///< there is no difference that matters
  kRatio,  ///< the first row's figure is Claim::by times the second's
  kLevel,  ///< the row's figure is Claim::by
  kHalves  ///< one half of the row's seeds gives what the other half gives
};
/// Whether a claim of this kind is about rows by themselves.
inline bool is_of_one_row(ClaimKind kind) {
  return kind == ClaimKind::kLevel || kind == ClaimKind::kHalves;
}
const char* name(ClaimKind kind);  ///< "order", …: as claims spell it

/// A number that does not come from the runs, and where it does come from.
struct Sourced {
  double value = 0;
  std::string source;
};

/// The spread between seeds that others measured, for rows with a single seed.
struct BorrowedSpread {
  double sd = 0;
  int64_t runs = 0;   ///< it was measured over; at least 2
  std::string scale;  ///< the only one it holds at
  std::string source;
};

/// A sentence of the paper that a table is to support.
struct Claim {
  std::string id;  ///< "t6-low-random"
  std::string sentence, place;
  std::string table;
  std::vector<std::string> columns;  ///< those a scale lacks are left out there
  ClaimKind kind = ClaimKind::kOrder;
  /// Names of rows, the better one first: each is compared with the next. Of kLevel and kHalves one
  /// name each.
  std::vector<std::vector<std::string>> rows;
  double by = 0;                  ///< in the column's unit; of kRatio without unit
  std::optional<Sourced> margin;  ///< a difference up to this counts as none; not for kOrder
  std::optional<BorrowedSpread> borrowed;
  bool lower_is_better = false;
  bool control = false;  ///< tests the program, so it is judged in full at every scale
  std::string where;     ///< file and pointer, for messages
};

/// Reads one entry of claims.json.
Claim read_claim(const Json& json, const std::string& id, const std::string& file);
/// JSON Schema of one entry of claims.json.
Json claim_schema();

/// Two rows of a table that a claim compares in one column; of kLevel and kHalves the same twice.
struct Comparison {
  size_t column = 0, first = 0, second = 0;  ///< indices in TableSpec
};
/// Finds the rows and columns of a claim in its table. Leaves out columns that the table does not
/// have at its scale. Throws an Error for an unknown row, or for a column that holds only figures
/// of the paper.
std::vector<Comparison> comparisons_of(const Claim& claim, const TableSpec& table);

/// Throws an Error for a column of the claim that its table has at no scale. `tables`: one for each
/// scale.
void check_columns(const Claim& claim, const std::vector<TableSpec>& tables);

}  // namespace mra
