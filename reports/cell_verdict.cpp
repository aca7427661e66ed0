#include "reports/cell_verdict.h"

#include <algorithm>
#include <cmath>

#include "reports/question.h"

namespace mra {

/// How far off a figure may be, in order of preference: the spread of the publication it is from,
/// half the smallest gap that the paper claims of the table, a convention.
static Sourced margin_of(const Published& paper, const TableColumn& column,
                         const std::vector<Claim>& claims) {
  if (paper.origin_spread && paper.origin_runs)
    return {*paper.origin_spread, "the spread that its source prints"};
  std::optional<double> gap;
  for (const Claim& claim : claims)
    if (claim.kind == ClaimKind::kGap &&
        std::count(claim.columns.begin(), claim.columns.end(), column.name) > 0)
      gap = std::min(gap.value_or(claim.by), claim.by);
  if (gap) return {*gap / 2, "half of the smallest gap claimed of this table"};
  return {0.5, "convention for ImageNet accuracies, half a point"};
}

std::optional<JudgedCell> judge_cell(const ReportTable& report, const ReportCell& cell,
                                     const TableColumn& column, const std::vector<Claim>& claims) {
  const bool both = cell.measured && cell.paper && cell.paper->value;
  if (report.scale != "paper" || !both || column.kind != ColumnKind::kMeasured ||
      column.unit != "%" || !report.deviations.empty())
    return std::nullopt;
  const std::vector<double>& values = cell.measured->values;
  const Published& paper = *cell.paper;
  JudgedCell judged;
  judged.margin = margin_of(paper, column, claims);
  if (cell.measured->sd.value_or(0) == 0) return judged;
  const bool has_summary = paper.origin_spread && paper.origin_runs.value_or(0) >= 2;
  const Difference off =
      has_summary
          ? difference_to_summary(values, *paper.value, *paper.origin_spread, *paper.origin_runs)
          : difference_to_one_run(values, *paper.value);
  judged.off = interval(off);
  const Question question{true, {-judged.margin.value, judged.margin.value}, false};
  judged.verdict = decide(question, {off});
  if (judged.verdict != Verdict::kUndecided) return judged;
  const double own = *cell.measured->sd * *cell.measured->sd;
  const double theirs =
      has_summary ? *paper.origin_spread * *paper.origin_spread / double(*paper.origin_runs) : own;
  judged.more_seeds = seeds_until(int64_t(values.size()), [&](int64_t seeds) {
    const Difference expected = {off.value, std::sqrt(own / double(seeds) + theirs),
                                 double(seeds - 1)};
    return decide(question, {expected}) != Verdict::kUndecided;
  });
  return judged;
}

}  // namespace mra
