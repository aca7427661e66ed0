#include "harness/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mra {

double WarmupCosine::at(double position) const {
  if (position < warmup) return peak * position / warmup;
  const double done_frac = (position - warmup) / (total - warmup);
  return low + (peak - low) * 0.5 * (1.0 + std::cos(std::numbers::pi * done_frac));
}

double step_decay(double lr, double gamma, int64_t epoch, int64_t step_epochs) {
  return lr * std::pow(gamma, double(epoch / step_epochs));
}

double multistep_decay(double lr, double gamma, int64_t epoch,
                       const std::vector<int64_t>& milestones) {
  const auto drops = std::count_if(milestones.begin(), milestones.end(),
                                   [epoch](int64_t milestone) { return milestone <= epoch; });
  return lr * std::pow(gamma, double(drops));
}

double fixmatch_cosine(double lr, int64_t step, int64_t steps) {
  const double angle = 7.0 * std::numbers::pi * double(step) / (16.0 * double(steps));
  return lr * std::max(0.0, std::cos(angle));
}

double linear_ramp(int64_t step, double frac, int64_t steps) {
  return std::clamp(double(step) / (frac * double(steps)), 0.0, 1.0);
}

double learning_rate(const Recipe& recipe, int64_t step, int64_t steps_per_epoch) {
  const double position = double(step) / double(steps_per_epoch);  // epochs
  const int64_t epoch = step / steps_per_epoch;
  if (position < recipe.warmup_epochs) return recipe.lr * position / recipe.warmup_epochs;
  const WarmupCosine cosine{recipe.lr, recipe.min_lr, recipe.warmup_epochs, double(recipe.epochs)};
  if (recipe.schedule == "cosine") return cosine.at(position);
  if (recipe.schedule == "epoch_cosine")
    return WarmupCosine{recipe.lr, recipe.min_lr, 0, double(recipe.epochs)}.at(double(epoch));
  if (recipe.schedule == "fixmatch_cosine")
    return fixmatch_cosine(recipe.lr, step, recipe.epochs * steps_per_epoch);
  if (recipe.schedule == "step")
    return step_decay(recipe.lr, recipe.gamma, epoch, recipe.step_epochs);
  if (recipe.schedule == "multistep")
    return multistep_decay(recipe.lr, recipe.gamma, epoch, recipe.milestones);
  return recipe.lr;
}

}  // namespace mra
