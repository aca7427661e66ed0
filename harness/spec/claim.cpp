#include "harness/spec/claim.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/spec/spec_reader.h"

#include <fmt/format.h>

namespace mra {

static const std::vector<std::string>& claim_kinds() {
  static const std::vector<std::string> kNames = {"order", "gap",   "equal",
                                                  "ratio", "level", "halves"};
  return kNames;
}

const char* name(ClaimKind kind) {
  return claim_kinds()[size_t(kind)].c_str();
}

static ClaimKind read_claim_kind(SpecReader& spec) {
  const auto& names = claim_kinds();
  const std::string asked = spec.one_of("kind", names);
  return ClaimKind(std::find(names.begin(), names.end(), asked) - names.begin());
}

static std::string required_text(SpecReader& spec, const std::string& key) {
  auto text = spec.required<std::string>(key);
  check(!text.empty() || spec.describing(), ErrorKind::kUsage, spec.where(key), "is empty",
        "say where the number comes from, or what the sentence is");
  return text;
}

static double above_zero(SpecReader& spec, const std::string& key) {
  const double value = spec.in_range(key, 0.0, 1e9);
  check(value > 0 || spec.describing(), ErrorKind::kUsage, spec.where(key), "is 0",
        "give a number above 0");
  return value;
}

static Sourced read_margin(SpecReader spec) {
  Sourced margin{above_zero(spec, "value"), required_text(spec, "source")};
  spec.reject_unread_keys();
  return margin;
}

static BorrowedSpread read_borrowed(SpecReader spec) {
  BorrowedSpread spread{above_zero(spec, "sd"), spec.in_range<int64_t>("runs", 2, 1000000),
                        spec.required<std::string>("scale"), required_text(spec, "source")};
  spec.reject_unread_keys();
  return spread;
}

/// "rows": [["A", "B"], …]: lists of at least two names for an order, of one for claims about rows
/// by themselves, else of two.
static std::vector<std::vector<std::string>> read_rows(SpecReader& spec, ClaimKind kind) {
  const Json rows = spec.required<Json>("rows");
  spec.describe("rows",
                {{"type", "array"},
                 {"minItems", 1},
                 {"items", {{"type", "array"}, {"minItems", 1}, {"items", {{"type", "string"}}}}}});
  if (spec.describing()) return {};
  const bool order = kind == ClaimKind::kOrder, alone = is_of_one_row(kind);
  const size_t least = alone ? 1 : 2;
  const auto is_chain = [&](const Json& chain) {
    return chain.is_array() && chain.size() >= least && (order || chain.size() == least) &&
           std::all_of(chain.begin(), chain.end(), [](const Json& row) { return row.is_string(); });
  };
  check(rows.is_array() && !rows.empty() && std::all_of(rows.begin(), rows.end(), is_chain),
        ErrorKind::kUsage, spec.where("rows"),
        order   ? "expected lists of two or more row names"
        : alone ? "expected lists of one row name each"
                : "expected pairs of row names",
        alone ? R"(write it like [["Baseline"]])"
              : R"(write it like [["MRA", "Baseline"]], the better row first)");
  return rows.get<std::vector<std::vector<std::string>>>();
}

static Claim read_claim_fields(SpecReader spec, const std::string& id) {
  Claim claim;
  claim.id = id;
  claim.where = spec.where();
  claim.sentence = required_text(spec, "sentence");
  claim.place = required_text(spec, "place");
  claim.table = spec.required<std::string>("table");
  claim.columns = spec.required<std::vector<std::string>>("columns");
  claim.kind = read_claim_kind(spec);
  const bool is_order = claim.kind == ClaimKind::kOrder;
  claim.rows = read_rows(spec, claim.kind);
  if (is_order || spec.describing())
    claim.by = spec.in_range("by", 0.0, 0.0, 1e9);
  else if (claim.kind != ClaimKind::kEqual && claim.kind != ClaimKind::kHalves)
    claim.by = above_zero(spec, "by");
  if (spec.has("margin") || spec.describing() || !is_order)
    claim.margin = read_margin(spec.child("margin", true));
  check(!is_order || !claim.margin || spec.describing(), ErrorKind::kUsage, spec.where("margin"),
        "an order has no margin", "leave it out, or make the claim a gap");
  if (spec.has("borrowed") || spec.describing())
    claim.borrowed = read_borrowed(spec.child("borrowed", true));
  claim.lower_is_better = spec.optional("lower_is_better", false);
  claim.control = spec.optional("control", false);
  spec.reject_unread_keys();
  return claim;
}

Claim read_claim(const Json& json, const std::string& id, const std::string& file) {
  return read_claim_fields(SpecReader(json, file, "/" + id), id);
}

Json claim_schema() {
  return schema_of([](SpecReader spec) { read_claim_fields(std::move(spec), ""); });
}

/// Whether a figure of a run or a spec stands in the column, not only one of the paper.
static bool is_measured(const TableColumn& column) {
  return column.kind == ColumnKind::kMeasured || column.kind == ColumnKind::kSpeed ||
         column.kind == ColumnKind::kStructural;
}

static size_t row_of_claim(const Claim& claim, const TableSpec& table, const std::string& row) {
  std::vector<std::string> names;
  for (const TableRow& known : table.rows) names.push_back(known.name());
  const auto found = std::find(names.begin(), names.end(), row);
  check(found != names.end(), ErrorKind::kUsage, claim.where + "/rows",
        fmt::format("{} has no row '{}'", table.id, row), suggestion(row, names));
  return size_t(found - names.begin());
}

std::vector<Comparison> comparisons_of(const Claim& claim, const TableSpec& table) {
  std::vector<Comparison> comparisons;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const TableColumn& column = table.columns[c];
    if (std::count(claim.columns.begin(), claim.columns.end(), column.name) == 0) continue;
    check(is_measured(column), ErrorKind::kUsage, claim.where + "/columns",
          fmt::format("column '{}' of {} has only figures of the paper", column.name, table.id),
          "name a column that runs or specs give figures for");
    for (const auto& chain : claim.rows) {
      std::vector<size_t> rows;
      for (const std::string& row : chain) rows.push_back(row_of_claim(claim, table, row));
      if (is_of_one_row(claim.kind)) comparisons.push_back({c, rows[0], rows[0]});
      for (size_t i = 0; i + 1 < rows.size(); ++i) comparisons.push_back({c, rows[i], rows[i + 1]});
    }
  }
  return comparisons;
}

void check_columns(const Claim& claim, const std::vector<TableSpec>& tables) {
  std::vector<std::string> names;
  for (const TableSpec& table : tables)
    for (const TableColumn& column : table.columns) names.push_back(column.name);
  for (const std::string& column : claim.columns)
    check(std::count(names.begin(), names.end(), column) > 0, ErrorKind::kUsage,
          claim.where + "/columns", fmt::format("{} has no column '{}'", claim.table, column),
          suggestion(column, names));
  check(!claim.columns.empty(), ErrorKind::kUsage, claim.where + "/columns", "names no column",
        suggestion("", names));
}

}  // namespace mra
