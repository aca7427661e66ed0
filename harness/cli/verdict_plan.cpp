#include "harness/cli/verdict_plan.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "harness/record/judgement.h"

namespace mra {

namespace {

/// A claim that runs can bring further, and those that it lacks.
struct Candidate {
  std::string claim;
  bool decides = false;  ///< else they only tell a spread
  std::vector<PlannedRun> runs;
};

/// Equal for runs that do the same.
std::string identity(const PlannedRun& run) {
  std::string name = text(run.id);
  for (const NamedOptions& judge : run.judges)
    name += fmt::format(" {}", judgement_id(judge.name, judge.options));
  return name;
}

/// The rows that a claim compares, with the experiments of its columns alone.
TableSpec rows_of(const Claim& claim, const TableSpec& table) {
  std::map<size_t, std::set<size_t>> wanted;  // row -> experiments
  for (const Comparison& place : comparisons_of(claim, table))
    for (const size_t row : {place.first, place.second})
      if (const auto experiment = table.rows[row].cells[place.column].experiment)
        wanted[row].insert(*experiment);
  TableSpec part = table;
  part.rows.clear();
  for (const auto& [row, experiments] : wanted) {
    TableRow& kept = part.rows.emplace_back(table.rows[row]);
    kept.experiments.clear();
    for (const size_t i : experiments) kept.experiments.push_back(table.rows[row].experiments[i]);
  }
  return part;
}

/// So many seeds, those that are recorded first.
std::vector<int64_t> seeds_of(const Claim& claim, const TableSpec& table, const ReportTable& report,
                              size_t count) {
  std::set<int64_t> seeds;
  for (const Comparison& place : comparisons_of(claim, table))
    for (const size_t row : {place.first, place.second})
      if (const auto& measured = report.rows[row].cells[place.column].measured)
        seeds.insert(measured->seeds.begin(), measured->seeds.end());
  for (int64_t seed = 0; seeds.size() < count; ++seed) seeds.insert(seed);
  return {seeds.begin(), std::next(seeds.begin(), std::ptrdiff_t(count))};
}

class VerdictPlanner {
 public:
  VerdictPlanner(const PlanRows& plan_rows, double budget_s) : plan_rows_(plan_rows) {
    plan_.budget_s = budget_s;
  }

  void add(const JudgedClaim& judged, const TableSpec& table, const ReportTable& report) {
    bool all_known = true;
    for (const JudgedComparison& one : judged.comparisons) all_known = all_known && one.effect;
    const size_t now = judged.seeds_measured();
    if (judged.verdict == Verdict::kSupported || judged.verdict == Verdict::kContradicted)
      plan_.decided_already.push_back(judged.claim.id);
    else if (judged.verdict == Verdict::kNotComparable)
      leave_out(judged, judged.reason);
    else if (now >= 2 && judged.more_seeds == 0)
      leave_out(judged, all_known ? "more seeds would not decide it: the rows are too much alike"
                                  : judged.reason);
    else
      add_candidate(judged, table, report, now >= 2 && all_known,
                    std::max<size_t>(2, now + size_t(judged.more_seeds)));
  }

  VerdictPlan take() {
    for (const bool decides : {true, false})
      while (choose(decides)) {
      }
    for (const Candidate& left : candidates_) plan_.beyond.push_back({left.claim, cost_s(left)});
    return std::move(plan_);
  }

 private:
  void leave_out(const JudgedClaim& judged, const std::string& reason) {
    plan_.unplanned.push_back({judged.claim.id, reason});
  }

  void add_candidate(const JudgedClaim& judged, const TableSpec& table, const ReportTable& report,
                     bool decides, size_t seeds) {
    const Plan missing =
        plan_rows_(rows_of(judged.claim, table), seeds_of(judged.claim, table, report, seeds));
    if (!missing.unavailable.empty())
      return leave_out(judged,
                       fmt::format("cannot run here: {}", missing.unavailable.front().reason));
    for (const PlannedRun& run : missing.runs)
      if (!run.estimate)
        return leave_out(judged, fmt::format("no rate is known for {}: harness bench train "
                                             "measures rates",
                                             run.experiment.name));
    if (missing.runs.empty()) return leave_out(judged, judged.reason);
    candidates_.push_back({judged.claim.id, decides, missing.runs});
  }

  /// The time of the runs that are not chosen yet, nor in `also`.
  double cost_s(const Candidate& candidate, const std::set<std::string>& also = {}) const {
    double seconds = 0;
    for (const PlannedRun& run : candidate.runs)
      if (!places_.contains(identity(run)) && !also.contains(identity(run)))
        seconds += run.estimate->seconds;
    return seconds;
  }

  /// How many candidates of its kind have all their runs once those of `chosen` are done.
  int64_t served(const Candidate& chosen) const {
    std::set<std::string> runs;
    for (const PlannedRun& run : chosen.runs) runs.insert(identity(run));
    return std::count_if(candidates_.begin(), candidates_.end(), [&](const Candidate& other) {
      return other.decides == chosen.decides && cost_s(other, runs) == 0;
    });
  }

  /// Adds the runs of the candidate with most verdicts per hour; false when none fits.
  bool choose(bool decides) {
    std::optional<size_t> best;
    double best_rate = -1;
    for (size_t i = 0; i < candidates_.size(); ++i) {
      const double seconds = cost_s(candidates_[i]);
      if (candidates_[i].decides != decides || spent_s_ + seconds > plan_.budget_s) continue;
      const double rate = double(served(candidates_[i])) / std::max(seconds, 1e-9);
      if (rate > best_rate) best = i, best_rate = rate;
    }
    if (!best) return false;
    const Candidate chosen = candidates_[*best];
    candidates_.erase(candidates_.begin() + std::ptrdiff_t(*best));
    for (const PlannedRun& run : chosen.runs) add_step(run, chosen.claim);
    (decides ? plan_.decides : plan_.learns).push_back({chosen.claim, spent_s_});
    return true;
  }

  void add_step(const PlannedRun& run, const std::string& claim) {
    const auto [place, added] = places_.emplace(identity(run), plan_.steps.size());
    if (added) {
      spent_s_ += run.estimate->seconds;
      plan_.steps.push_back({run, {}, spent_s_});
    }
    plan_.steps[place->second].claims.push_back(claim);
  }

  const PlanRows& plan_rows_;
  VerdictPlan plan_;
  std::vector<Candidate> candidates_;
  std::map<std::string, size_t> places_;  ///< identity -> index in plan_.steps
  double spent_s_ = 0;
};

}  // namespace

VerdictPlan plan_verdicts(const std::vector<TableSpec>& tables,
                          const std::vector<ReportTable>& reports, const PlanRows& plan_rows,
                          double budget_s) {
  VerdictPlanner planner(plan_rows, budget_s);
  for (size_t i = 0; i < tables.size(); ++i)
    for (const JudgedClaim& judged : reports[i].claims) planner.add(judged, tables[i], reports[i]);
  return planner.take();
}

}  // namespace mra
