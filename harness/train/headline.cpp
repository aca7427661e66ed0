#include "harness/train/headline.h"

#include <algorithm>

#include "harness/train/metrics.h"

namespace mra {

bool evaluates_after_step(const Recipe& recipe, int64_t step, int64_t steps) {
  if (recipe.evaluate_every_steps == 0) return false;
  const bool late = double(step + 1) > 0.8 * double(steps) && recipe.late_evaluate_every_steps > 0;
  return step % (late ? recipe.late_evaluate_every_steps : recipe.evaluate_every_steps) == 0;
}

static std::vector<double> values_of(const Curve& curve, size_t count) {
  std::vector<double> values;
  for (size_t i = 0; i < count; ++i) values.push_back(curve[i].second);
  return values;
}

static bool keeps_best(const Recipe& recipe) {
  return recipe.keep == "best";  // the weights may be those of any evaluation
}

/// The number of points without a final evaluation outside the recipe's steps.
static size_t counted_points(const Curve& curve, const Recipe& recipe, int64_t last_step,
                             int64_t steps) {
  const bool extra = recipe.evaluate_every_steps > 0 && !keeps_best(recipe) && curve.size() > 1 &&
                     !evaluates_after_step(recipe, last_step, steps);
  return curve.size() - size_t(extra);
}

size_t best_evaluation(const Curve& curve, const Recipe& recipe, int64_t last_step, int64_t steps) {
  const auto values = values_of(curve, counted_points(curve, recipe, last_step, steps));
  if (!keeps_best(recipe)) return best_index(values);
  return size_t(std::max_element(values.begin(), values.end()) - values.begin());
}

Metrics headline_summary(const std::map<std::string, Curve>& curves, const std::string& headline,
                         const Metrics& evaluated, const Recipe& recipe, int64_t steps) {
  const auto found = curves.find(headline);
  if (found == curves.end()) return {};
  const Curve& curve = found->second;
  const auto values = values_of(curve, counted_points(curve, recipe, steps - 1, steps));
  const size_t best = best_evaluation(curve, recipe, steps - 1, steps);
  Metrics summary{{"best_epoch", curve[best].first}};
  for (const auto& [name, value] : evaluated) {
    const auto other = curves.find(name);
    if (other != curves.end() && other->second.size() == curve.size())
      summary[name + "/best"] = other->second[best].second;
  }
  const CurveSummary tail = summarise_curve(values);
  summary[headline + "/last"] = tail.last;
  summary[headline + "/tail_mean"] = tail.tail_mean;
  summary[headline + "/tail_median"] = tail.tail_median;
  return summary;
}

}  // namespace mra
