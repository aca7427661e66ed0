#include "harness/train/trainer.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/stopwatch.h"
#include "harness/data/loader.h"
#include "harness/record/trace.h"
#include "harness/train/checkpoint.h"
#include "harness/train/ema.h"
#include "harness/train/headline.h"
#include "harness/train/loss_meter.h"
#include "harness/train/observed.h"
#include "harness/train/pace.h"
#include "harness/train/stepper.h"
#include "harness/train/tracer.h"
#include "harness/train/train_state.h"

namespace mra {
namespace {

/// Returns the processor time of this process, over all threads.
double cpu_time_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Copies each value of `from` into the tensor of the same name.
void copy_tensors(const StateDict& from, const StateDict& into) {
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : into) torch::Tensor(tensor).copy_(from.at(name));
}

StateDict copies(const StateDict& tensors) {
  StateDict copied;
  for (const auto& [name, tensor] : tensors) copied[name] = tensor.detach().clone();
  return copied;
}

class Training {
 public:
  Training(Task& task, const Recipe& recipe, const TrainEnv& env)
      : task_(task),
        recipe_(recipe),
        env_(env),
        stepper_(task, recipe, env.device),
        loss_(env.device),
        tracer_(env.directory.trace_file()),
        steps_per_epoch_(stepper_.steps_per_epoch()),
        steps_(recipe.epochs * steps_per_epoch_) {
    check(recipe.keep != "best" || !task.headline().empty(), ErrorKind::kUsage, "recipe/keep",
          "is \"best\", but this task has no metric to choose the best weights by",
          "set it to \"last\"");
  }

  TrainResult run() {
    resume();
    pace_.emplace(env_.progress, recipe_.epochs, steps_, state_.next.step, task_.images_per_step());
    while (state_.next.epoch < recipe_.epochs) {
      if (!train_epoch()) return stopped();
      end_epoch();
    }
    if (stepper_.averaged()) stepper_.averaged()->adopt();
    if (!best_.empty()) copy_tensors(best_, state_dict(task_.module()));
    return result(/*finished=*/true);
  }

 private:
  void resume();
  bool train_epoch();
  bool told_to_stop() const;
  void train_step();
  void trace(const torch::Tensor& loss);
  void end_epoch();
  void evaluate();
  void keep_if_best();
  void keep_right_if_best();
  void save();
  TrainResult stopped();
  TrainResult result(bool finished);
  StateDict tensors();

  Task& task_;
  const Recipe& recipe_;
  const TrainEnv& env_;
  Stepper stepper_;
  StateDict best_;  ///< weights of the best evaluation, if the recipe keeps them
  LossMeter loss_;
  ObservedSums observed_;
  Tracer tracer_;
  std::optional<Pace> pace_;
  int64_t steps_per_epoch_, steps_;
  TrainState state_;
  Stopwatch watch_;
  double cpu_start_s_ = cpu_time_s();
  double wait_start_s_ = data_wait_s();
  double earlier_wall_s_ = 0, earlier_cpu_s_ = 0, earlier_wait_s_ = 0;  // of earlier attempts
};

/// Returns all tensors that later steps and the record depend on, by their names in a checkpoint.
StateDict Training::tensors() {
  StateDict all;
  const auto add = [&all](const std::string& prefix, const StateDict& part) {
    for (const auto& [name, tensor] : part) all[prefix + name] = tensor;
  };
  add("model/", state_dict(task_.module()));
  add("optimizer/", stepper_.optimizer().state());
  if (stepper_.averaged()) add("average/", stepper_.averaged()->state());
  add("best/", best_);
  return all;
}

/// Copies `from` into `own`. Throws an Error of kind kIntegrity, before any copy, when a tensor is
/// missing or has another shape.
void restore_tensors(const StateDict& own, const StateDict& from, const std::string& file) {
  const auto require = [&file](bool holds, const std::string& what) {
    check(holds, ErrorKind::kIntegrity, file, what,
          "another version of the program wrote the checkpoint: move it away and repeat the run");
  };
  require(own.size() == from.size(),
          fmt::format("has {} tensors, this run has {}", from.size(), own.size()));
  for (const auto& [name, tensor] : own) {
    const auto found = from.find(name);
    require(found != from.end(), fmt::format("lacks tensor '{}'", name));
    require(found->second.sizes() == tensor.sizes(), fmt::format("'{}' has another shape", name));
  }
  copy_tensors(from, own);
}

void Training::resume() {
  const auto path = env_.directory.checkpoint_file();
  if (const auto checkpoint = load_checkpoint(path, env_.journal)) {
    state_ = train_state_from_json(checkpoint->state, path.string());
    if (!state_.best_metrics.empty()) best_ = copies(state_dict(task_.module()));
    restore_tensors(tensors(), checkpoint->tensors, path.string());
    loss_.sum = state_.loss_sum;
    observed_.restore(state_.observed, env_.device);
    earlier_wall_s_ = state_.wall_s;
    earlier_cpu_s_ = state_.cpu_s;
    earlier_wait_s_ = state_.data_wait_s;
    env_.journal.append("resume", {{"epoch", state_.next.epoch},
                                   {"step_in_epoch", state_.next.step_in_epoch},
                                   {"step", state_.next.step}});
  }
  // Only the journal has attempts that were killed before their first checkpoint.
  int64_t starts = 0, epochs_told = 0;
  for (const JournalEvent& event : read_journal(env_.directory.journal_file())) {
    starts += event.event == "start";
    if (event.event == "epoch") epochs_told = integer_field(event.fields, "epoch");
  }
  state_.attempts = std::max(state_.attempts + 1, starts);
  // Each epoch is written to the journal before the checkpoint.
  if (epochs_told < state_.next.epoch)
    env_.journal.append(
        "warning",
        {{"text", "the journal lacks epochs that the checkpoint has: some of its lines are lost"},
         {"epochs_told", epochs_told},
         {"epochs_done", state_.next.epoch}});
}

bool Training::told_to_stop() const {
  return env_.stop || (env_.until_step > 0 && state_.next.step >= env_.until_step);
}

/// Does the remaining steps of the epoch. Returns false when it was asked to stop before the end.
bool Training::train_epoch() {
  if (told_to_stop()) return false;
  task_.module().train();
  task_.start_epoch(state_.next.epoch, state_.next.step_in_epoch);
  pace_->start_epoch(state_.next.step);
  while (state_.next.step_in_epoch < steps_per_epoch_) {
    if (told_to_stop()) return false;
    train_step();
    pace_->step_done(state_.next.step, state_.next.epoch, loss_.latest);
  }
  return true;
}

void Training::train_step() {
  const Step step = state_.next;
  const torch::Tensor loss = stepper_.forward(step, stepper_.inputs(step));
  loss_.add(step, loss);
  observed_.add(task_.observed());
  stepper_.update(step, loss);
  task_.after_step(step);
  ++state_.next.step_in_epoch;
  ++state_.next.step;
  trace(loss);
  if (!evaluates_after_step(recipe_, step.step, steps_)) return;
  evaluate();
  env_.journal.append("evaluation", {{"step", step.step}, {"metrics", state_.metrics}});
}

void Training::trace(const torch::Tensor& loss) {
  const int64_t steps_done = state_.next.step;
  tracer_.add_loss(steps_done, loss);
  if (!is_traced(steps_done)) return;
  loss_.flush();  // throws for a loss that is not finite, before it is written to the trace
  tracer_.write(steps_done, tensors());
}

void Training::evaluate() {
  std::optional<AveragedWeights::Scope> averaged;
  if (stepper_.averaged()) averaged.emplace(*stepper_.averaged());
  task_.module().eval();
  {
    const torch::NoGradGuard no_grad;
    state_.metrics = task_.evaluate();
  }
  task_.module().train();
  const double epochs = double(state_.next.step) / double(steps_per_epoch_);
  for (const auto& [name, value] : state_.metrics) {
    if (!std::isfinite(value))
      throw DivergedError(fmt::format("{} is {} after {} epochs", name, value, epochs));
    state_.curves[name].emplace_back(epochs, value);
  }
  if (!task_.right().empty()) keep_right_if_best();
  if (recipe_.keep == "best") keep_if_best();
}

void Training::keep_right_if_best() {
  const Curve& curve = state_.curves.at(task_.headline());
  if (best_evaluation(curve, recipe_, state_.next.step - 1, steps_) + 1 == curve.size())
    state_.best_right = task_.right();
}

/// Keeps the weights just evaluated (averaged, if there are averages) if they are the best yet.
void Training::keep_if_best() {
  const std::string headline = task_.headline();
  const double value = state_.metrics.at(headline);
  if (!best_.empty() && value <= state_.best_metrics.at(headline)) return;
  best_ = copies(state_dict(task_.module()));
  state_.best_metrics = state_.metrics;
}

void Training::end_epoch() {
  loss_.flush();
  Step last_step = state_.next;
  --last_step.step;
  const double lr = stepper_.lr(last_step);
  check_finite_weights(task_.module(), state_.next.step);
  const double train_loss = loss_.sum / double(steps_per_epoch_);
  loss_.sum = 0;
  ++state_.next.epoch;
  state_.next.step_in_epoch = 0;
  const auto epochs_done = double(state_.next.epoch);
  state_.curves["train_loss"].emplace_back(epochs_done, train_loss);
  state_.curves["lr"].emplace_back(epochs_done, lr);
  for (const auto& [name, mean] : observed_.take_means())
    state_.curves[name].emplace_back(epochs_done, mean);

  const bool last = state_.next.epoch == recipe_.epochs;
  const bool by_epochs = recipe_.evaluate_every_steps == 0;
  const bool evaluated = (last && !evaluates_after_step(recipe_, last_step.step, steps_)) ||
                         (by_epochs && state_.next.epoch % recipe_.evaluate_every_epochs == 0);
  if (evaluated) evaluate();
  env_.journal.append("epoch", {{"epoch", state_.next.epoch},
                                {"epochs", recipe_.epochs},
                                {"train_loss", train_loss},
                                {"lr", lr},
                                {"images_per_s", pace_->images_per_s()},
                                {"data_wait_frac", pace_->data_wait_frac()},
                                {"metrics", evaluated ? Json(state_.metrics) : Json::object()}});
  if (!last) save();
}

void Training::save() {
  loss_.flush();
  state_.loss_sum = loss_.sum;
  state_.observed = observed_.sums();
  state_.wall_s = earlier_wall_s_ + watch_.elapsed_s();
  state_.cpu_s = earlier_cpu_s_ + cpu_time_s() - cpu_start_s_;
  state_.data_wait_s = earlier_wait_s_ + data_wait_s() - wait_start_s_;
  save_checkpoint(env_.directory.checkpoint_file(), {tensors(), to_json(state_)});
}

TrainResult Training::stopped() {
  save();
  if (tracer_.pending()) tracer_.write(state_.next.step, tensors());
  env_.journal.append("stop", {{"epoch", state_.next.epoch},
                               {"step_in_epoch", state_.next.step_in_epoch},
                               {"step", state_.next.step}});
  return result(/*finished=*/false);
}

TrainResult Training::result(bool finished) {
  TrainResult result;
  result.finished = finished;
  result.metrics = best_.empty() ? state_.metrics : state_.best_metrics;
  result.curves = state_.curves;
  if (finished)
    result.metrics.merge(
        headline_summary(result.curves, task_.headline(), result.metrics, recipe_, steps_));
  const auto keep = [&result](const std::string& metric, const std::vector<bool>& right) {
    if (!right.empty()) result.right[metric] = right;  // checkpoints of earlier versions lack it
  };
  if (finished) {
    keep(task_.headline(), best_.empty() ? task_.right() : state_.best_right);
    keep(task_.headline() + "/best", state_.best_right);
  }
  result.wall_s = earlier_wall_s_ + watch_.elapsed_s();
  result.cpu_s = earlier_cpu_s_ + cpu_time_s() - cpu_start_s_;
  result.data_wait_s = earlier_wait_s_ + data_wait_s() - wait_start_s_;
  result.attempts = state_.attempts;
  return result;
}

}  // namespace

TrainResult train(Task& task, const Recipe& recipe, const TrainEnv& env) {
  return Training(task, recipe, env).run();
}

}  // namespace mra
