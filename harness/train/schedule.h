#pragma once

#include <cstdint>

#include "harness/spec/recipe.h"

namespace mra {

/// Returns the recipe's learning rate at `step` (from 0, over all epochs), including warm-up.
double learning_rate(const Recipe& recipe, int64_t step, int64_t steps_per_epoch);

/// Half a cosine from `peak` to `low` after a linear warm-up from 0; `position`, `warmup` and
/// `total` are all in epochs or all in steps.
struct WarmupCosine {
  double peak = 0, low = 0, warmup = 0, total = 0;
  double at(double position) const;
};

/// Returns the learning rate of step decay: `lr` times `gamma` for every `step_epochs` epochs.
double step_decay(double lr, double gamma, int64_t epoch, int64_t step_epochs);

/// Returns a learning rate that is multiplied by `gamma` at each of `milestones` (epochs).
double multistep_decay(double lr, double gamma, int64_t epoch,
                       const std::vector<int64_t>& milestones);

/// Returns the learning rate of FixMatch's schedule: 7/16 of a cosine period, never below 0.
double fixmatch_cosine(double lr, int64_t step, int64_t steps);

/// Rises from 0 to 1 over the first `frac` of `steps`, then stays at 1.
double linear_ramp(int64_t step, double frac, int64_t steps);

}  // namespace mra
