#pragma once

#include <map>
#include <optional>
#include <string>

#include "harness/record/run_record.h"
#include "harness/spec/recipe.h"

namespace mra {

/// Whether the recipe evaluates after step `step` (from 0) of `steps`, by TorchSSL's rule: every N
/// steps, and every M in the last fifth. Always false for a recipe that evaluates by epochs.
bool evaluates_after_step(const Recipe& recipe, int64_t step, int64_t steps);

/// Returns which point of the headline's curve is the best evaluation, as headline_summary() says.
/// `last_step`: the step (from 0) after which the last point was evaluated.
size_t best_evaluation(const Curve& curve, const Recipe& recipe, int64_t last_step, int64_t steps);

/// Returns the figures that papers report for the curve of the metric `headline`:
/// "<headline>/best", "best_epoch" and the other metrics at that epoch ("<metric>/best");
/// "<headline>/last"; "/tail_mean" and "/tail_median" over the last 20 evaluations. Among equal
/// values the last one is the best, or the first one if the recipe keeps the best weights. Only in
/// that case does a final evaluation outside the recipe's steps count.
Metrics headline_summary(const std::map<std::string, Curve>& curves, const std::string& headline,
                         const Metrics& evaluated, const Recipe& recipe, int64_t steps);

}  // namespace mra
