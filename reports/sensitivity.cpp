#include "reports/sensitivity.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/layout.h"

namespace mra {

bool ShiftedVerdict::turns() const {
  const auto decided = [](Verdict verdict) {
    return verdict == Verdict::kSupported || verdict == Verdict::kContradicted;
  };
  return before != after && decided(before) && decided(after);
}

Sensitivity compare_answers(const OpenChoice& choice, const ChoiceAlternative& alternative,
                            const ReportTable& usual, const ReportTable& other) {
  Sensitivity found{choice, alternative, {}, {}};
  for (size_t r = 0; r < usual.rows.size(); ++r)
    for (size_t c = 0; c < usual.columns.size(); ++c) {
      const ReportCell &before = usual.rows[r].cells[c], &after = other.rows[r].cells[c];
      if (before.runs == after.runs) continue;
      const ReportRow& row = usual.rows[r];
      found.cells.push_back({row.group.empty() ? row.label : row.group + " " + row.label,
                             usual.columns[c].title, before.measured, after.measured,
                             usual.columns[c].decimals});
    }
  for (size_t i = 0; i < usual.claims.size(); ++i)
    found.verdicts.push_back(
        {usual.claims[i].claim.id, usual.claims[i].verdict, other.claims[i].verdict});
  return found;
}

static Json measured_json(const std::optional<Measured>& measured) {
  if (!measured) return nullptr;
  return {{"mean", measured->mean}, {"seeds", measured->seeds}, {"values", measured->values}};
}

static Json answer_json(const Sensitivity& answer) {
  Json cells = Json::array(), verdicts = Json::array();
  for (const ShiftedCell& cell : answer.cells)
    cells.push_back({{"row", cell.row},
                     {"column", cell.column},
                     {"default", measured_json(cell.before)},
                     {"alternative", measured_json(cell.after)}});
  for (const ShiftedVerdict& verdict : answer.verdicts)
    verdicts.push_back({{"claim", verdict.claim},
                        {"default", name(verdict.before)},
                        {"alternative", name(verdict.after)},
                        {"turns", verdict.turns()}});
  return {{"choice", answer.choice.id},
          {"alternative", answer.alternative.name},
          {"label", answer.choice.label(answer.alternative)},
          {"set", answer.alternative.set},
          {"cells", cells},
          {"verdicts", verdicts}};
}

Json to_json(const std::vector<Sensitivity>& answers, const std::vector<OpenChoice>& choices,
             const ReportTable& usual) {
  Json alternatives = Json::array(), more = Json::array();
  for (const Sensitivity& answer : answers) alternatives.push_back(answer_json(answer));
  for (const OpenChoice& choice : choices)
    for (const ChoiceAlternative& alternative : choice.alternatives)
      if (alternative.set.empty())
        more.push_back({{"choice", choice.id},
                        {"alternative", alternative.name},
                        {"needs", alternative.needs}});
  return {{"table", usual.id},
          {"scale", usual.scale},
          {"alternatives", alternatives},
          {"needing_more", more}};
}

static std::string measured_text(const std::optional<Measured>& measured, int decimals) {
  if (!measured) return "not measured";
  return fmt::format("{:.{}f} (n={})", measured->mean, decimals, measured->seeds.size());
}

/// "  Mask Low, Top-1: 84.00 (n=1) -> 83.20 (n=1), -0.80"
static std::string cell_text(const ShiftedCell& cell) {
  std::string text = fmt::format("  {}, {}: {} -> {}", cell.row, cell.column,
                                 measured_text(cell.before, cell.decimals),
                                 measured_text(cell.after, cell.decimals));
  if (cell.before && cell.after)
    text += fmt::format(", {:+.{}f}", cell.after->mean - cell.before->mean, cell.decimals);
  return text + "\n";
}

static std::string answer_text(const Sensitivity& answer) {
  std::string text = fmt::format("\n{}: {}\n  here: {}\n", answer.choice.label(answer.alternative),
                                 answer.choice.question, answer.choice.chosen);
  if (answer.cells.empty()) return text + "  changes nothing at this scale\n";
  for (const ShiftedCell& cell : answer.cells) text += cell_text(cell);
  for (const ShiftedVerdict& verdict : answer.verdicts)
    if (verdict.before != verdict.after)
      text += fmt::format("  {} {}: {} -> {}\n", verdict.turns() ? "TURNS" : "claim", verdict.claim,
                          name(verdict.before), name(verdict.after));
  return text;
}

std::string sensitivity_text(const std::vector<Sensitivity>& answers,
                             const std::vector<OpenChoice>& choices, const ReportTable& usual) {
  size_t turned = 0;
  for (const Sensitivity& answer : answers)
    turned += size_t(std::count_if(answer.verdicts.begin(), answer.verdicts.end(),
                                   [](const ShiftedVerdict& one) { return one.turns(); }));
  std::string text = fmt::format(
      "{} at {} scale: {} other answers to what the paper leaves open; {} verdicts turn.\n",
      heading_of(usual.id), usual.scale, answers.size(), turned);
  for (const Sensitivity& answer : answers) text += answer_text(answer);
  for (const OpenChoice& choice : choices)
    for (const ChoiceAlternative& alternative : choice.alternatives)
      if (alternative.set.empty())
        text += fmt::format("\n{}: {}\n  not run: needs {}\n", choice.label(alternative),
                            choice.question, alternative.needs);
  return text;
}

}  // namespace mra
