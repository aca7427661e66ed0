#include "reports/paper_audit.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/text_table.h"
#include "harness/spec/shallow_json.h"
#include "reports/layout.h"
#include "reports/paper_checks.h"

namespace mra {

const std::vector<AuditKind>& audit_kinds() {
  static const std::vector<AuditKind> kKinds = {
      {"claim", "Claims that the paper's own tables do not give"},
      {"spread", "Claimed gains that the published spreads do not tell from chance"},
      {"text", "Numbers of the text that its tables, or what it builds on, contradict"},
      {"origin", "Figures that differ from the publication they are taken from"},
      {"protocol", "Figures taken from trainings with other settings than the table's"},
      {"size", "Sizes that contradict one another"},
      {"same run", "One experiment with two figures"},
      {"same figure", "One figure for two different recipes"},
      {"twice", "The same figure for two rows"}};
  return kKinds;
}

const TableSpec* PaperFigures::table(const std::string& id) const {
  for (const TableSpec& known : tables)
    if (known.id == id) return &known;
  return nullptr;
}

std::vector<std::string> PaperFigures::claims_on(const std::vector<PaperPlace>& places) const {
  const auto touches = [&](const Claim& claim, const PaperPlace& place) {
    const auto names = [&](const auto& rows) {
      return std::count(rows.begin(), rows.end(), place.row) > 0;
    };
    return claim.table == place.table &&
           std::count(claim.columns.begin(), claim.columns.end(), place.column) > 0 &&
           std::any_of(claim.rows.begin(), claim.rows.end(), names);
  };
  std::vector<std::string> ids;
  for (const Claim& claim : claims)
    if (std::any_of(places.begin(), places.end(),
                    [&](const PaperPlace& place) { return touches(claim, place); }))
      ids.push_back(claim.id);
  return ids;
}

std::string FigureCell::text() const {
  return fmt::format("{}, {}, {}", heading_of(table->id), row->name(), column->title);
}

const ExperimentSpec* FigureCell::experiment() const {
  return cell->experiment ? &row->experiments.at(*cell->experiment) : nullptr;
}

std::optional<FigureCell> figure_cell(const TableSpec& table, size_t row, size_t column) {
  const TableCell& cell = table.rows[row].cells[column];
  if (!cell.paper || !cell.paper->value) return std::nullopt;
  return FigureCell{&table, &table.columns[column], &table.rows[row], &cell};
}

std::vector<FigureCell> figure_cells(const std::vector<TableSpec>& tables) {
  std::vector<FigureCell> cells;
  for (const TableSpec& table : tables)
    for (size_t row = 0; row < table.rows.size(); ++row)
      for (size_t column = 0; column < table.columns.size(); ++column)
        if (const auto cell = figure_cell(table, row, column)) cells.push_back(*cell);
  return cells;
}

static void note_origins(const PaperFigures& paper, PaperAudit& audit) {
  for (const FigureCell& cell : figure_cells(paper.tables)) {
    const Published& printed = *cell.cell->paper;
    if (printed.origin.empty()) {
      ++audit.own_figures;
      continue;
    }
    TakenFigures& taken = audit.taken[printed.origin];
    taken.title = paper.origins.at(printed.origin).title;
    ++taken.figures;
    ++taken.by_table[cell.table->id];
    if (printed.origin_value && *printed.origin_value != *printed.value) ++taken.differing;
  }
}

PaperAudit audit_paper(const SpecLibrary& library, const std::vector<std::string>& tables) {
  PaperFigures paper{library,           {},
                     library.claims(),  library.statements(),
                     library.origins(), tables.size() == library.table_ids().size()};
  for (const std::string& id : tables) paper.tables.push_back(library.table(id, "paper"));
  std::erase_if(paper.claims, [&](const Claim& claim) { return !paper.table(claim.table); });
  PaperAudit audit;
  for (auto* check : {check_claimed_numbers, check_claimed_spreads, check_statements, check_origins,
                      check_protocols, check_sizes, check_repeats})
    check(paper, audit.checks);
  note_origins(paper, audit);
  return audit;
}

static Json places_json(const std::vector<PaperPlace>& places) {
  Json list = Json::array();
  for (const PaperPlace& place : places)
    list.push_back({{"table", place.table}, {"row", place.row}, {"column", place.column}});
  return list;
}

static Json check_json(const PaperCheck& check) {
  return {{"kind", check.kind},     {"id", check.id},
          {"said", check.said},     {"said_at", check.said_at},
          {"found", check.found},   {"found_at", check.found_at},
          {"agrees", check.agrees}, {"remark", check.remark},
          {"claims", check.claims}, {"places", places_json(check.places)}};
}

Json to_json(const PaperAudit& audit) {
  Json findings = Json::array(), recomputed = Json::array(), taken = Json::object();
  Json checked = Json::object();
  for (const AuditKind& kind : audit_kinds()) checked[kind.name] = 0;
  for (const PaperCheck& check : audit.checks) {
    checked[check.kind] = checked[check.kind].get<int64_t>() + 1;
    if (!check.agrees) findings.push_back(check_json(check));
    if (!check.id.empty()) recomputed.push_back(check_json(check));
  }
  for (const auto& [id, from] : audit.taken)
    taken[id] = {{"title", from.title},
                 {"figures", from.figures},
                 {"differing", from.differing},
                 {"tables", from.by_table}};
  return {{"findings", findings},
          {"recomputed", recomputed},
          {"checked", checked},
          {"taken", taken},
          {"own_figures", audit.own_figures}};
}

/// "12", "77.6", "180, 270": a value, without digits that it does not need.
static std::string value_text(const Json& value) {
  if (value.is_number_float()) return fmt::format("{}", value.get<double>());
  if (!value.is_array()) return plain_text(value);
  std::vector<std::string> parts;
  for (const Json& part : value) parts.push_back(value_text(part));
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// "- Table 4, PseudoLabel, 250 Labels: 47.94; TorchSSL, README of its code: 44.55"
static std::string finding_text(const PaperCheck& check) {
  std::string text = fmt::format("- {}: {}\n  {}: {}", check.said_at, value_text(check.said),
                                 check.found_at, value_text(check.found));
  if (!check.remark.empty()) text += fmt::format("\n  {}", check.remark);
  if (!check.claims.empty()) text += fmt::format("\n  claims {}", fmt::join(check.claims, " "));
  return text + "\n";
}

/// What was taken from where: a line for each publication.
static std::string taken_text(const PaperAudit& audit) {
  if (audit.taken.empty()) return "";
  TextTable table{{"taken from", "figures", "differ", "tables"}, {}};
  for (const auto& [id, from] : audit.taken) {
    std::string tables;
    for (const auto& [name, count] : from.by_table) tables += fmt::format("{} ({}) ", name, count);
    tables.pop_back();
    table.rows.push_back(
        {from.title, std::to_string(from.figures), std::to_string(from.differing), tables});
  }
  table.rows.push_back({"the authors' own", std::to_string(audit.own_figures), "", ""});
  return fmt::format("\n{}", table.render(false));
}

std::string audit_text(const PaperAudit& audit) {
  const auto differs = [](const PaperCheck& check) { return !check.agrees; };
  std::string text = fmt::format("{} comparisons, {} of which disagree.\n", audit.checks.size(),
                                 std::count_if(audit.checks.begin(), audit.checks.end(), differs));
  for (const AuditKind& kind : audit_kinds()) {
    std::string found;
    size_t checked = 0;
    for (const PaperCheck& check : audit.checks)
      if (check.kind == kind.name) {
        ++checked;
        if (differs(check)) found += finding_text(check);
      }
    if (!found.empty()) text += fmt::format("\n{} ({} compared)\n{}", kind.heading, checked, found);
  }
  return text + taken_text(audit);
}

}  // namespace mra
