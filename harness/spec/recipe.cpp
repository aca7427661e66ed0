#include "harness/spec/recipe.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

static constexpr int64_t kMost = 1'000'000'000;

static void read_optimizer(SpecReader& spec, Recipe& recipe) {
  recipe.optimizer = spec.one_of("optimizer", recipe.optimizer, {"sgd", "adamw"});
  recipe.lr = spec.in_range("lr", 0.0, 1e6);
  recipe.momentum = spec.in_range("momentum", recipe.momentum, 0.0, 1.0);
  recipe.nesterov = spec.optional("nesterov", recipe.nesterov);
  recipe.beta1 = spec.in_range("beta1", recipe.beta1, 0.0, 1.0);
  recipe.beta2 = spec.in_range("beta2", recipe.beta2, 0.0, 1.0);
  recipe.eps = spec.in_range("eps", recipe.eps, 0.0, 1.0);
  recipe.weight_decay = spec.in_range("weight_decay", recipe.weight_decay, 0.0, 1e6);
  recipe.decay_on = spec.one_of("decay_on", recipe.decay_on, {"all", "matrices"});
  check(!recipe.nesterov || recipe.momentum > 0, ErrorKind::kUsage, spec.where("nesterov"),
        "needs a momentum above 0", "give \"momentum\", or leave \"nesterov\" out");
}

static void read_schedule(SpecReader& spec, Recipe& recipe) {
  recipe.schedule =
      spec.one_of("schedule", recipe.schedule,
                  {"cosine", "epoch_cosine", "fixmatch_cosine", "step", "multistep", "constant"});
  recipe.min_lr = spec.in_range("min_lr", recipe.min_lr, 0.0, 1e6);
  recipe.warmup_epochs = spec.in_range("warmup_epochs", recipe.warmup_epochs, 0.0, 1e6);
  recipe.step_epochs = spec.in_range("step_epochs", recipe.step_epochs, int64_t{1}, kMost);
  recipe.milestones = spec.optional("milestones", recipe.milestones);
  recipe.gamma = spec.in_range("gamma", recipe.gamma, 0.0, 1.0);
}

Recipe read_recipe(SpecReader spec) {
  Recipe recipe;
  recipe.epochs = spec.in_range("epochs", int64_t{1}, int64_t{1'000'000});
  recipe.batch_size = spec.in_range("batch_size", int64_t{1}, int64_t{1'000'000});
  recipe.micro_batch = spec.in_range("micro_batch", int64_t{0}, int64_t{0}, int64_t{1'000'000});
  check(recipe.micro_batch <= recipe.batch_size, ErrorKind::kUsage, spec.where("micro_batch"),
        fmt::format("{} is above the batch_size of {}", recipe.micro_batch, recipe.batch_size),
        "give fewer pictures, or leave it out");
  recipe.drop_last = spec.optional("drop_last", recipe.drop_last);
  read_optimizer(spec, recipe);
  read_schedule(spec, recipe);
  recipe.label_smoothing = spec.in_range("label_smoothing", recipe.label_smoothing, 0.0, 1.0);
  recipe.ema_decay = spec.in_range("ema_decay", recipe.ema_decay, 0.0, 1.0);
  recipe.precision = spec.one_of("precision", recipe.precision, {"fp32", "tf32", "bf16"});
  recipe.threads = spec.in_range("threads", recipe.threads, int64_t{0}, int64_t{1024});
  recipe.evaluate_every_epochs =
      spec.in_range("evaluate_every_epochs", recipe.evaluate_every_epochs, int64_t{1}, kMost);
  recipe.evaluate_every_steps =
      spec.in_range("evaluate_every_steps", int64_t{0}, int64_t{0}, kMost);
  recipe.late_evaluate_every_steps =
      spec.in_range("late_evaluate_every_steps", recipe.evaluate_every_steps, int64_t{0}, kMost);
  recipe.keep = spec.one_of("keep", recipe.keep, {"last", "best"});
  spec.reject_unread_keys();
  return recipe;
}

}  // namespace mra
