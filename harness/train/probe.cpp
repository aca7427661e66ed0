#include "harness/train/probe.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/stopwatch.h"
#include "harness/data/loader.h"
#include "harness/train/device.h"
#include "harness/train/stepper.h"

namespace mra {

static void keep(StateDict& kept, const std::string& prefix,
                 const std::map<std::string, torch::Tensor>& tensors) {
  for (const auto& [name, tensor] : tensors)
    kept[prefix + name] = tensor.detach().to(torch::kCPU).contiguous().clone();
}

ProbeResult probe(Task& task, const Recipe& recipe, torch::Device device,
                  const ProbeOptions& options) {
  Stepper stepper(task, recipe, device);
  const int64_t most = recipe.epochs * stepper.steps_per_epoch();
  check(options.steps > options.warmup_steps && options.steps <= most, ErrorKind::kUsage, "--steps",
        fmt::format("cannot do {} steps, {} of them not timed: the run has {} steps", options.steps,
                    options.warmup_steps, most),
        "give more steps than are not timed, and no more than the run has");
  ProbeResult result;
  if (options.keep_inputs) keep(result.kept, "model/", state_dict(task.module()));
  std::vector<torch::Tensor> losses;
  task.module().train();
  Stopwatch watch;
  double wait_start_s = data_wait_s();
  for (Step step; step.step < options.steps; ++step.step, ++step.step_in_epoch) {
    if (step.step > 0 && step.step_in_epoch == stepper.steps_per_epoch()) {
      step.step_in_epoch = 0;
      ++step.epoch;
    }
    if (step.step_in_epoch == 0) task.start_epoch(step.epoch, 0);
    if (step.step == options.warmup_steps) {
      synchronize(device);
      watch = Stopwatch();
      wait_start_s = data_wait_s();
    }
    const StepInputs inputs = stepper.inputs(step);
    const torch::Tensor loss = stepper.forward(step, inputs);
    if (options.keep_inputs) keep(result.kept, fmt::format("batch/{:04}/", step.step), inputs);
    stepper.update(step, loss);
    losses.push_back(loss.detach());
  }
  synchronize(device);
  const auto images = double((options.steps - options.warmup_steps) * task.images_per_step());
  const double elapsed_s = watch.elapsed_s();
  result.images_per_s = images / elapsed_s;
  result.data_wait_frac = (data_wait_s() - wait_start_s) / elapsed_s;
  for (const torch::Tensor& loss : losses) result.losses.push_back(loss.item<double>());
  return result;
}

}  // namespace mra
