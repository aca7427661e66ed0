#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/csv.h"
#include "reports/renderers.h"

namespace mra {

using Fields = std::vector<std::string>;

/// The shortest text that reads back as the same number.
template <typename Value>
static std::string number(const std::optional<Value>& value) {
  return value ? fmt::format("{}", *value) : "";
}

static const Fields& head() {
  static const Fields kHead = {"table",
                               "scale",
                               "group",
                               "row",
                               "column",
                               "kind",
                               "metric",
                               "unit",
                               "paper",
                               "paper_spread",
                               "origin",
                               "origin_value",
                               "origin_spread",
                               "origin_runs",
                               "measured_mean",
                               "measured_sd",
                               "measured_ci95",
                               "within_run_ci95",
                               "n",
                               "seeds",
                               "values",
                               "best_values",
                               "structural",
                               "state",
                               "reason",
                               "run_keys",
                               "note",
                               "deviations",
                               "measured_on",
                               "to_baseline",
                               "pictures_ci95_low",
                               "pictures_ci95_high"};
  return kHead;
}

static Fields measured_fields(const std::optional<Measured>& measured) {
  if (!measured) return Fields(8);
  return {fmt::format("{}", measured->mean),
          number(measured->sd),
          number(measured->ci95),
          number(measured->within_run_ci95),
          fmt::format("{}", measured->values.size()),
          fmt::format("{}", fmt::join(measured->seeds, " ")),
          fmt::format("{}", fmt::join(measured->values, " ")),
          fmt::format("{}", fmt::join(measured->best_values, " "))};
}

/// Those that stand last, as columns of the table never move.
static Fields further_fields(const std::optional<Measured>& measured) {
  if (!measured) return Fields(3);
  const auto& pictures = measured->over_pictures;
  return {number(measured->to_baseline), pictures ? fmt::format("{}", pictures->low) : "",
          pictures ? fmt::format("{}", pictures->high) : ""};
}

static std::string cell_line(const ReportTable& table, const ReportRow& row, size_t index) {
  const ReportCell& cell = row.cells[index];
  const TableColumn& column = table.columns[index];
  const Published nothing;
  const Published& paper = cell.paper ? *cell.paper : nothing;
  Fields fields = {table.id,
                   table.scale,
                   row.group,
                   row.label,
                   column.name,
                   name(column.kind),
                   column.metric,
                   column.unit,
                   paper.text.empty() ? number(paper.value) : paper.text,
                   number(paper.spread),
                   paper.origin,
                   number(paper.origin_value),
                   number(paper.origin_spread),
                   number(paper.origin_runs)};
  const Fields measured = measured_fields(cell.measured);
  fields.insert(fields.end(), measured.begin(), measured.end());
  for (const std::string& field :
       {number(cell.structural), state_text(cell), cell.reason,
        fmt::format("{}", fmt::join(cell.runs, " ")), paper.note,
        fmt::format("{}", fmt::join(table.deviations, "; ")), text(table.measured_on)})
    fields.push_back(field);
  const Fields further = further_fields(cell.measured);
  fields.insert(fields.end(), further.begin(), further.end());
  return csv_line(fields);
}

static std::string comparison_line(const JudgedClaim& judged, const JudgedComparison& one) {
  const Claim& claim = judged.claim;
  const auto range = judged.shown_interval(one);
  return csv_line({claim.id,
                   claim.table,
                   judged.scale,
                   name(judged.verdict),
                   name(claim.kind),
                   fmt::format("{}", claim.by),
                   claim.margin ? fmt::format("{}", claim.margin->value) : "",
                   claim.margin ? claim.margin->source : "",
                   one.first,
                   one.second,
                   one.column,
                   name(one.verdict),
                   one.effect ? fmt::format("{}", judged.shown_effect(one)) : "",
                   range ? fmt::format("{}", range->low) : "",
                   range ? fmt::format("{}", range->high) : "",
                   fmt::format("{}", one.first_seeds),
                   fmt::format("{}", one.second_seeds),
                   fmt::format("{}", judged.more_seeds),
                   judged.reason.empty() ? one.reason : judged.reason,
                   fmt::format("{}", fmt::join(one.runs, " ")),
                   claim.place,
                   claim.sentence});
}

std::string claims_csv(const std::vector<JudgedClaim>& claims, const std::string&) {
  std::string text = csv_line(
      {"claim",  "table",         "scale",     "verdict",     "kind",         "by",
       "margin", "margin_source", "first",     "second",      "column",       "comparison_verdict",
       "effect", "ci90_low",      "ci90_high", "first_seeds", "second_seeds", "more_seeds",
       "reason", "runs",          "place",     "sentence"});
  for (const JudgedClaim& judged : claims)
    for (const JudgedComparison& one : judged.comparisons) text += comparison_line(judged, one);
  return text;
}

std::string render_csv(const std::vector<ReportTable>& tables) {
  std::string text = csv_line(head());
  for (const ReportTable& table : tables)
    for (const ReportRow& row : table.rows)
      for (size_t i = 0; i < row.cells.size(); ++i) text += cell_line(table, row, i);
  return text;
}

}  // namespace mra
