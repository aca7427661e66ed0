#pragma once

#include <map>
#include <optional>
#include <string>

#include "harness/record/run_record.h"
#include "harness/spec/recipe.h"

namespace mra {

/// Whether the recipe evaluates after step `step` (from 0) of `steps`; never where it counts in
/// epochs. TorchSSL's rule: every N steps, and every M of the last fifth.
bool evaluates_after_step(const Recipe& recipe, int64_t step, int64_t steps);

/// What papers report of a curve of evaluations, for the metric `headline`: "<headline>/best" with
/// "best_epoch" and what other metrics were then ("<metric>/best"); "/last"; "/tail_mean" and
/// "/tail_median" of the last 20. Of equal ones the latest is the best, or the first where the
/// recipe keeps its weights. A last evaluation that is outside the recipe's steps is not counted.
Metrics headline_summary(const std::map<std::string, Curve>& curves, const std::string& headline,
                         const Metrics& evaluated, const Recipe& recipe, int64_t steps);

}  // namespace mra
