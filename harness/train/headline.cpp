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

Metrics headline_summary(const std::map<std::string, Curve>& curves, const std::string& headline,
                         const Metrics& evaluated, const Recipe& recipe, int64_t steps) {
  const auto found = curves.find(headline);
  if (found == curves.end()) return {};
  const Curve& curve = found->second;
  const bool by_steps = recipe.evaluate_every_steps > 0;
  const bool keeps_best = recipe.keep == "best";  // these may be the weights of any evaluation
  const bool extra = by_steps && !keeps_best && curve.size() > 1 &&
                     !evaluates_after_step(recipe, steps - 1, steps);
  const size_t counted = curve.size() - size_t(extra);
  const std::vector<double> values = values_of(curve, counted);
  const size_t best = keeps_best
                          ? size_t(std::max_element(values.begin(), values.end()) - values.begin())
                          : best_index(values);
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
