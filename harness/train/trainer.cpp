#include "harness/train/trainer.h"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/stopwatch.h"
#include "harness/record/trace.h"
#include "harness/train/checkpoint.h"
#include "harness/train/ema.h"
#include "harness/train/loss_meter.h"
#include "harness/train/metrics.h"
#include "harness/train/pace.h"
#include "harness/train/stepper.h"
#include "harness/train/tracer.h"
#include "harness/train/train_state.h"

namespace mra {
namespace {

/// Processor time of this process, all threads.
double cpu_time_s() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
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
        steps_per_epoch_(stepper_.steps_per_epoch()) {
    if (recipe.ema_decay > 0) averaged_.emplace(task.module(), recipe.ema_decay);
  }

  TrainResult run() {
    resume();
    const int64_t steps = recipe_.epochs * steps_per_epoch_;
    pace_.emplace(env_.progress, recipe_.epochs, steps, state_.next.step, task_.images_per_step());
    while (state_.next.epoch < recipe_.epochs) {
      if (!train_epoch()) return stopped();
      end_epoch();
    }
    if (averaged_) averaged_->swap();
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
  void save();
  TrainResult stopped();
  TrainResult result(bool finished);
  StateDict tensors();

  Task& task_;
  const Recipe& recipe_;
  const TrainEnv& env_;
  Stepper stepper_;
  std::optional<AveragedWeights> averaged_;
  LossMeter loss_;
  Tracer tracer_;
  std::optional<Pace> pace_;
  int64_t steps_per_epoch_;
  TrainState state_;
  Stopwatch watch_;
  double cpu_start_s_ = cpu_time_s();
  double earlier_wall_s_ = 0, earlier_cpu_s_ = 0;  // of earlier attempts
};

/// Every tensor a step depends on, by the name it has in a checkpoint.
StateDict Training::tensors() {
  StateDict all;
  const auto add = [&all](const std::string& prefix, const StateDict& part) {
    for (const auto& [name, tensor] : part) all[prefix + name] = tensor;
  };
  add("model/", state_dict(task_.module()));
  add("optimizer/", stepper_.optimizer().state());
  if (averaged_) add("average/", averaged_->state());
  return all;
}

/// Copies `from` into `own`, if every tensor is there and fits.
void restore_tensors(const StateDict& own, const StateDict& from, const std::string& file) {
  const auto require = [&file](bool holds, const std::string& what) {
    check(holds, ErrorKind::kIntegrity, file, what,
          "the checkpoint is of another version of the program: move it away and repeat");
  };
  require(own.size() == from.size(),
          fmt::format("has {} tensors, this run has {}", from.size(), own.size()));
  for (const auto& [name, tensor] : own) {
    const auto found = from.find(name);
    require(found != from.end(), fmt::format("lacks tensor '{}'", name));
    require(found->second.sizes() == tensor.sizes(), fmt::format("'{}' has another shape", name));
  }
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : own) torch::Tensor(tensor).copy_(from.at(name));
}

void Training::resume() {
  const auto path = env_.directory.checkpoint_file();
  if (const auto checkpoint = load_checkpoint(path, env_.journal)) {
    restore_tensors(tensors(), checkpoint->tensors, path.string());
    state_ = train_state_from_json(checkpoint->state, path.string());
    loss_.sum = state_.loss_sum;
    earlier_wall_s_ = state_.wall_s;
    earlier_cpu_s_ = state_.cpu_s;
    env_.journal.append("resume", {{"epoch", state_.next.epoch},
                                   {"step_in_epoch", state_.next.step_in_epoch},
                                   {"step", state_.next.step}});
  }
  // An attempt killed before its first checkpoint is known to the journal alone.
  int64_t starts = 0, epochs_told = 0;
  for (const JournalEvent& event : read_journal(env_.directory.journal_file())) {
    starts += event.event == "start";
    if (event.event == "epoch") epochs_told = integer_field(event.fields, "epoch");
  }
  state_.attempts = std::max(state_.attempts + 1, starts);
  // An epoch is told before it gets into a checkpoint.
  if (epochs_told < state_.next.epoch)
    env_.journal.append(
        "warning",
        {{"text", "the journal lacks epochs that the checkpoint has: lines of it are gone"},
         {"epochs_told", epochs_told},
         {"epochs_done", state_.next.epoch}});
}

bool Training::told_to_stop() const {
  return env_.stop || (env_.until_step > 0 && state_.next.step >= env_.until_step);
}

/// Does the epoch's remaining steps; false when it was told to stop.
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
  const torch::Tensor loss = stepper_.forward(step);
  loss_.add(step, loss);
  stepper_.update(step, loss);
  if (averaged_) averaged_->update();
  task_.after_step(step);
  ++state_.next.step_in_epoch;
  ++state_.next.step;
  trace(loss);
}

void Training::trace(const torch::Tensor& loss) {
  const int64_t steps_done = state_.next.step;
  tracer_.add_loss(steps_done, loss);
  if (!is_traced(steps_done)) return;
  loss_.flush();  // a loss that is not finite is told as such
  tracer_.write(steps_done, tensors());
}

void Training::evaluate() {
  if (averaged_) averaged_->swap();
  task_.module().eval();
  {
    const torch::NoGradGuard no_grad;
    state_.metrics = task_.evaluate();
  }
  task_.module().train();
  if (averaged_) averaged_->swap();
  for (const auto& [name, value] : state_.metrics) {
    if (!std::isfinite(value))
      throw DivergedError(fmt::format("{} is {} after epoch {}", name, value, state_.next.epoch));
    state_.curves[name].emplace_back(double(state_.next.epoch), value);
  }
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

  const bool last = state_.next.epoch == recipe_.epochs;
  const bool evaluated = last || state_.next.epoch % recipe_.evaluate_every_epochs == 0;
  if (evaluated) evaluate();
  env_.journal.append("epoch", {{"epoch", state_.next.epoch},
                                {"epochs", recipe_.epochs},
                                {"train_loss", train_loss},
                                {"lr", lr},
                                {"images_per_s", pace_->images_per_s()},
                                {"metrics", evaluated ? Json(state_.metrics) : Json::object()}});
  if (!last) save();
}

void Training::save() {
  loss_.flush();
  state_.loss_sum = loss_.sum;
  state_.wall_s = earlier_wall_s_ + watch_.elapsed_s();
  state_.cpu_s = earlier_cpu_s_ + cpu_time_s() - cpu_start_s_;
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

/// Adds the best epoch by top-1, of equal ones the latest, as papers report it.
void add_best(const std::map<std::string, Curve>& curves, Metrics& metrics) {
  const auto top1 = curves.find("top1");
  if (top1 == curves.end()) return;
  std::vector<double> values;
  for (const auto& [epoch, value] : top1->second) values.push_back(value);
  const size_t best = best_index(values);
  metrics["top1/best"] = values[best];
  metrics["best_epoch"] = top1->second[best].first;
  if (const auto top5 = curves.find("top5"); top5 != curves.end())
    metrics["top5/best"] = top5->second.at(best).second;
}

TrainResult Training::result(bool finished) {
  TrainResult result{finished, state_.metrics, state_.curves};
  if (finished) add_best(result.curves, result.metrics);
  result.wall_s = earlier_wall_s_ + watch_.elapsed_s();
  result.cpu_s = earlier_cpu_s_ + cpu_time_s() - cpu_start_s_;
  result.attempts = state_.attempts;
  return result;
}

}  // namespace

TrainResult train(Task& task, const Recipe& recipe, const TrainEnv& env) {
  return Training(task, recipe, env).run();
}

}  // namespace mra
