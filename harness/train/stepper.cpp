#include "harness/train/stepper.h"

#include "harness/base/error.h"
#include "harness/train/device.h"
#include "harness/train/schedule.h"

namespace mra {

Stepper::Stepper(Task& task, const Recipe& recipe, torch::Device device)
    : task_(task),
      recipe_(recipe),
      device_(device),
      steps_per_epoch_(task.steps_per_epoch()),
      optimizer_(task.module(), recipe) {
  check(steps_per_epoch_ > 0, ErrorKind::kUsage, "recipe/batch_size",
        "is larger than the training set, so an epoch has no step", "choose a smaller batch");
}

double Stepper::lr(const Step& step) const {
  return learning_rate(recipe_, step.step, steps_per_epoch_);
}

torch::Tensor Stepper::forward(const Step& step, const StepInputs& inputs) {
  const AutocastScope precision(device_, recipe_.precision);
  return task_.loss(step, inputs);
}

void Stepper::update(const Step& step, const torch::Tensor& loss) {
  loss.backward();
  optimizer_.step(lr(step));
  optimizer_.zero_grad();
}

}  // namespace mra
