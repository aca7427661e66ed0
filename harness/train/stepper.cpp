#include "harness/train/stepper.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/train/device.h"
#include "harness/train/schedule.h"

namespace mra {

/// An Error when slices of a batch would not give the batch's gradients.
static void check_slices(Task& task) {
  constexpr const char* kWhere = "recipe/micro_batch";
  check(task.averages_pictures(), ErrorKind::kUsage, kWhere,
        "works only for tasks whose loss is a mean over pictures", "leave it out");
  for (const auto& module : task.module().modules())
    check(!module->as<torch::nn::BatchNorm2d>(), ErrorKind::kUsage, kWhere,
          "cannot be used with batch normalisation, which needs the whole batch",
          "leave it out, or choose a model without it");
}

Stepper::Stepper(Task& task, const Recipe& recipe, torch::Device device)
    : task_(task),
      recipe_(recipe),
      device_(device),
      steps_per_epoch_(task.steps_per_epoch()),
      optimizer_(task.module(), recipe) {
  check(steps_per_epoch_ > 0, ErrorKind::kUsage, "recipe/batch_size",
        "is larger than the training set, so an epoch has no step", "choose a smaller batch");
  if (recipe.micro_batch > 0) check_slices(task);
  if (recipe.ema_decay == 0) return;
  averaged_.emplace(task.module(), recipe.ema_decay);
  task.use_average(*averaged_);
}

double Stepper::lr(const Step& step) const {
  return learning_rate(recipe_, step.step, steps_per_epoch_);
}

torch::Tensor Stepper::forward(const Step& step, const StepInputs& inputs) {
  if (recipe_.micro_batch > 0) return forward_in_slices(step, inputs);
  const AutocastScope precision(device_, recipe_.precision);
  return task_.loss(step, inputs);
}

torch::Tensor Stepper::forward_in_slices(const Step& step, const StepInputs& inputs) {
  const int64_t pictures = inputs.begin()->second.size(0);
  torch::Tensor total;
  for (int64_t first = 0; first < pictures; first += recipe_.micro_batch) {
    const int64_t count = std::min(recipe_.micro_batch, pictures - first);
    StepInputs slice;
    for (const auto& [name, tensor] : inputs) slice[name] = tensor.narrow(0, first, count);
    torch::Tensor loss;
    {
      const AutocastScope precision(device_, recipe_.precision);
      loss = task_.loss(step, slice) * (double(count) / double(pictures));
    }
    loss.backward();
    total = total.defined() ? total + loss.detach() : loss.detach();
  }
  return total;
}

void Stepper::update(const Step& step, const torch::Tensor& loss) {
  if (loss.requires_grad()) loss.backward();
  optimizer_.step(lr(step));
  optimizer_.zero_grad();
  if (averaged_) averaged_->update();
}

}  // namespace mra
