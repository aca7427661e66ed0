#include "harness/base/stopwatch.h"
#include "harness/tasks/catalog.h"
#include "harness/train/device.h"
#include "harness/train/metrics.h"
#include "harness/train/stepper.h"

namespace mra {

namespace {

/// Runs the training steps of a run from its beginning, across epochs.
class Steps {
 public:
  Steps(Task& task, const Recipe& recipe, torch::Device device)
      : task_(task), device_(device), stepper_(task, recipe, device) {
    task.module().train();
  }

  void run(int64_t steps) {
    for (int64_t i = 0; i < steps; ++i) {
      if (next_.step_in_epoch == 0) task_.start_epoch(next_.epoch, 0);
      stepper_.update(next_, stepper_.forward(next_, stepper_.inputs(next_)));
      ++next_.step;
      if (++next_.step_in_epoch < stepper_.steps_per_epoch()) continue;
      next_.step_in_epoch = 0;
      ++next_.epoch;
    }
    synchronize(device_);
  }

 private:
  Task& task_;
  torch::Device device_;
  Stepper stepper_;
  Step next_;
};

}  // namespace

/// Measures training speed in pictures per second, including reading and augmentation ("Imgs/s" in
/// Table 9): the mean over windows of equally many steps, and half of its 95 % interval. The
/// weights do not affect it; those of the run are not changed.
Judged judge_throughput(SpecReader options, const JudgeContext& context) {
  constexpr int64_t kMost = 1'000'000;
  const int64_t warmup_steps = options.in_range<int64_t>("warmup_steps", 10, 0, kMost);
  const int64_t windows = options.in_range<int64_t>("windows", 10, 2, kMost);
  const int64_t window_steps = options.in_range<int64_t>("window_steps", 10, 1, kMost);
  options.reject_unread_keys();
  const TaskContext& run = context.run;
  // At the end of a schedule the learning rate is 0 and steps may do less work. The added epochs
  // keep all windows away from it.
  Recipe recipe = run.spec.recipe;
  recipe.epochs += warmup_steps + windows * window_steps;
  const auto task = make_task(run);
  Steps steps(*task, recipe, run.method.device);
  steps.run(warmup_steps);
  std::vector<double> rates;
  for (int64_t i = 0; i < windows; ++i) {
    const Stopwatch watch;
    steps.run(window_steps);
    rates.push_back(double(window_steps * task->images_per_step()) / watch.elapsed_s());
  }
  Judged judged;
  judged.metrics["throughput/train_images_per_s"] = mean(rates);
  judged.metrics["throughput/train_images_per_s_ci95"] = interval_half_width(rates);
  judged.details = {{"images_per_s_of_windows", rates},
                    {"warmup_steps", warmup_steps},
                    {"window_steps", window_steps},
                    {"images_per_step", task->images_per_step()}};
  return judged;
}

}  // namespace mra
