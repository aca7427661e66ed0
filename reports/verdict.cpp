#include "reports/verdict.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/question.h"
#include "reports/row_evidence.h"
#include "reports/statistics.h"

namespace mra {

namespace {

constexpr double kExact = 1e6;  ///< degrees of freedom of what has no error

Question question_of(const Claim& claim, bool as_order) {
  if (as_order) return {false, {0, 0}, claim.kind == ClaimKind::kRatio && claim.by < 1};
  const double margin = claim.margin ? claim.margin->value : 0;
  if (claim.kind == ClaimKind::kOrder) return {false, {claim.by, 0}, false};
  if (claim.kind == ClaimKind::kRatio)
    return {true, {std::log(claim.by - margin), std::log(claim.by + margin)}, false};
  return {true, {claim.by - margin, claim.by + margin}, false};
}

/// The estimate that `seeds` seeds would give, if mean and spread stayed as they are with `now`.
Difference with_seeds(Difference estimate, int64_t now, int64_t seeds, int64_t rows) {
  estimate.standard_error *= std::sqrt(double(now) / double(seeds));
  estimate.degrees = double(rows * (seeds - 1));
  return estimate;
}

/// Judges one claim.
class Judge {
 public:
  Judge(const Claim& claim, const TableSpec& table, const ReportTable& report)
      : table_(table), report_(report) {
    judged_.claim = claim;
    judged_.scale = report.scale;
    judged_.as_order = report.scale != "paper" && claim.kind != ClaimKind::kEqual && !claim.control;
  }

  JudgedClaim take() {
    const auto comparisons = comparisons_of(judged_.claim, table_);
    for (const Comparison& comparison : comparisons) add(comparison);
    if (comparisons.empty()) refuse("its columns are not measured at this scale");
    if (!report_.deviations.empty())
      refuse(
          fmt::format("run with --set {}, not as declared", fmt::join(report_.deviations, ", ")));
    if (report_.scale != "paper" && judged_.claim.kind == ClaimKind::kEqual &&
        !judged_.claim.control)
      refuse("at a smaller scale only an order can be judged, not the absence of a difference");
    for (const JudgedComparison& one : judged_.comparisons)
      if (one.verdict == Verdict::kNotComparable) refuse(one.reason);
    if (judged_.verdict != Verdict::kNotComparable) conclude();
    return std::move(judged_);
  }

 private:
  bool is_ratio() const { return judged_.claim.kind == ClaimKind::kRatio; }
  Question question() const { return question_of(judged_.claim, judged_.as_order); }

  void refuse(const std::string& reason) {
    if (judged_.verdict != Verdict::kNotComparable) judged_.reason = reason;
    judged_.verdict = Verdict::kNotComparable;
  }

  void add(const Comparison& place) {
    const TableColumn& column = table_.columns[place.column];
    judged_.decimals = column.decimals;
    judged_.unit = column.unit;
    JudgedComparison& one = judged_.comparisons.emplace_back();
    one.first = table_.rows[place.first].name();
    if (!is_of_one_row(judged_.claim.kind)) one.second = table_.rows[place.second].name();
    if (judged_.claim.columns.size() > 1) one.column = column.title;
    if (column.kind == ColumnKind::kStructural)
      compare_specs(one, place);
    else
      compare_runs(one, place);
  }

  const ReportCell& cell(size_t row, size_t column) const {
    return report_.rows[row].cells[column];
  }

  /// What follows from specs has no error.
  void compare_specs(JudgedComparison& one, const Comparison& place) const {
    const auto first = cell(place.first, place.column).structural;
    const auto second = cell(place.second, place.column).structural;
    if (!first || !second) {
      one.reason =
          fmt::format("the spec of {} has no value for this", first ? one.second : one.first);
      return;
    }
    one.effect = effect_of({*first}, {*second}, [](const auto& a, const auto& b) {
      return Difference{a[0] - b[0], 0, kExact};
    });
  }

  void compare_runs(JudgedComparison& one, const Comparison& place) const {
    const ReportCell& first = cell(place.first, place.column);
    const ReportCell& second = cell(place.second, place.column);
    note_runs(one, first, one.first_seeds);
    if (!one.second.empty()) note_runs(one, second, one.second_seeds);
    one.reason = other_data(place);
    if (one.reason.empty()) one.reason = wrong_evidence(table_, report_, place);
    if (!one.reason.empty()) {
      one.verdict = Verdict::kNotComparable;
      return;
    }
    for (const auto& [cell, row] : {std::pair(&first, one.first), std::pair(&second, one.second)})
      if (one.reason.empty()) one.reason = unfit(*cell, row);
    if (!one.reason.empty()) return;
    if (!one.second.empty() && !is_ratio())
      one.paired = paired_rows(*first.measured, *second.measured);
    if (one.second.empty())
      estimate_alone(one, first.measured->values);
    else if (one.paired)
      estimate_in_pairs(one);
    else
      estimate(one, first.measured->values, second.measured->values);
  }

  /// What a row is by itself: its mean, or the difference between halves of its seeds.
  void estimate_alone(JudgedComparison& one, const std::vector<double>& values) const {
    if (values.size() < fewest_seeds()) {
      one.reason = fmt::format("{} has {} of the {} seeds that this takes", one.first,
                               values.size(), fewest_seeds());
      return;
    }
    if (judged_.claim.kind == ClaimKind::kLevel) {
      const Sample sample = summarize(values);
      one.effect = Difference{sample.mean, *sample.sd / std::sqrt(double(values.size())),
                              double(values.size() - 1)};
      return;
    }
    std::vector<double> halves[2];
    for (size_t i = 0; i < values.size(); ++i) halves[i % 2].push_back(values[i]);
    one.effect = difference_of_means(halves[0], halves[1]);
  }

  size_t fewest_seeds() const { return judged_.claim.kind == ClaimKind::kHalves ? 4 : 2; }

  static void note_runs(JudgedComparison& one, const ReportCell& cell, size_t& seeds) {
    if (!cell.measured) return;
    seeds = cell.measured->seeds.size();
    for (const int64_t seed : cell.measured->seeds)
      one.runs.push_back(fmt::format("{}-s{}", cell.runs.front(), seed));
  }

  /// Why two rows cannot be compared: they learnt from different data. Or nothing.
  std::string other_data(const Comparison& place) const {
    const auto data = [&](size_t row) {
      const auto experiment = table_.rows[row].cells[place.column].experiment;
      const Json& spec = table_.rows[row].experiments.at(experiment.value_or(0)).resolved;
      return spec.value("/dataset/name"_json_pointer, std::string());
    };
    const std::string first = data(place.first), second = data(place.second);
    if (first == second) return "";
    return fmt::format("{} is trained on {}, {} on {}", table_.rows[place.first].name(), first,
                       table_.rows[place.second].name(), second);
  }

  /// Why a row's runs cannot be used, or nothing.
  std::string unfit(const ReportCell& cell, const std::string& row) const {
    if (!cell.measured) {
      const std::string state = state_text(cell);
      return fmt::format("{} is {}{}", row, state.empty() ? "not measured" : state,
                         cell.reason.empty() ? "" : ": " + cell.reason);
    }
    const auto& values = cell.measured->values;
    for (size_t i = 0; i < values.size(); ++i)
      if (!std::isfinite(values[i]))
        return fmt::format("seed {} of {} diverged", cell.measured->seeds[i], row);
    if (is_ratio() && *std::min_element(values.begin(), values.end()) <= 0)
      return fmt::format("{} has figures that are not above 0", row);
    const bool equal = std::all_of(values.begin(), values.end(),
                                   [&](double value) { return value == values.front(); });
    if (values.size() > 1 && equal)
      return fmt::format("the seeds of {} all give {}, so their spread is unknown", row,
                         values.front());
    return "";
  }

  void estimate_in_pairs(JudgedComparison& one) const {
    if (judged_.claim.lower_is_better) one.paired->difference = -one.paired->difference;
    one.effect = one.paired->with_seeds(one.paired->seeds);
  }

  void estimate(JudgedComparison& one, const std::vector<double>& a,
                const std::vector<double>& b) const {
    const auto& borrowed = judged_.claim.borrowed;
    if (std::min(a.size(), b.size()) >= 2) {
      one.effect =
          effect_of(a, b, [](const auto& x, const auto& y) { return difference_of_means(x, y); });
    } else if (borrowed && borrowed->scale == report_.scale && !is_ratio()) {
      one.effect = effect_of(a, b, [&](const auto& x, const auto& y) {
        return difference_of_means(x, y, borrowed->sd, borrowed->runs);
      });
    } else {
      one.reason = fmt::format("{} has one seed, so its spread is unknown",
                               a.size() < 2 ? one.first : one.second);
    }
  }

  /// The effect, positive where the first row is better; of ratios the logarithm of first to
  /// second.
  template <typename Compare>
  std::optional<Difference> effect_of(std::vector<double> a, std::vector<double> b,
                                      Compare compare) const {
    if (is_ratio())
      for (auto* values : {&a, &b})
        for (double& value : *values) value = std::log(value);
    Difference effect = compare(a, b);
    if (judged_.claim.lower_is_better && !is_ratio()) effect.value = -effect.value;
    return effect;
  }

  void conclude() {
    std::vector<std::optional<Difference>> effects;
    for (JudgedComparison& one : judged_.comparisons) {
      effects.push_back(one.effect);
      if (one.effect) one.verdict = decide(question(), {one.effect});
      if (judged_.reason.empty()) judged_.reason = one.reason;
    }
    judged_.verdict = decide(question(), effects);
    if (judged_.verdict != Verdict::kUndecided)
      judged_.reason.clear();
    else
      judged_.more_seeds = more_seeds(effects);
  }

  int64_t more_seeds(const std::vector<std::optional<Difference>>& effects) const {
    const size_t now = judged_.seeds_measured();
    if (now > 0 && now < fewest_seeds()) return int64_t(fewest_seeds() - now);
    if (std::any_of(effects.begin(), effects.end(), [](const auto& one) { return !one; })) return 0;
    return seeds_until(int64_t(now), [&](int64_t seeds) {
      auto expected = effects;
      const int64_t rows = judged_.claim.kind == ClaimKind::kLevel ? 1 : 2;
      for (size_t i = 0; i < effects.size(); ++i)
        expected[i] = judged_.comparisons[i].paired
                          ? judged_.comparisons[i].paired->with_seeds(seeds)
                          : with_seeds(*effects[i], int64_t(now), seeds, rows);
      return decide(question(), expected) != Verdict::kUndecided;
    });
  }

  const TableSpec& table_;
  const ReportTable& report_;
  JudgedClaim judged_;
};

}  // namespace

size_t JudgedClaim::seeds_measured() const {
  size_t fewest = SIZE_MAX;
  for (const JudgedComparison& one : comparisons)
    fewest = std::min({fewest, one.first_seeds, one.second.empty() ? fewest : one.second_seeds});
  return fewest;
}

double JudgedClaim::shown_effect(const JudgedComparison& comparison) const {
  const double value = comparison.effect ? comparison.effect->value : 0;
  return claim.kind == ClaimKind::kRatio ? std::exp(value) : value;
}

std::optional<Interval> JudgedClaim::shown_interval(const JudgedComparison& comparison) const {
  if (!comparison.effect || comparison.effect->standard_error == 0) return std::nullopt;
  const Interval found = interval(*comparison.effect);
  if (claim.kind != ClaimKind::kRatio) return found;
  return Interval{std::exp(found.low), std::exp(found.high)};
}

JudgedClaim judge(const Claim& claim, const TableSpec& table, const ReportTable& report) {
  return Judge(claim, table, report).take();
}

}  // namespace mra
