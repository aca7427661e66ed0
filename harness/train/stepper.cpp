#include "harness/train/stepper.h"

#include <algorithm>

#include <ATen/Parallel.h>

#include "harness/base/error.h"
#include "harness/base/stopwatch.h"
#include "harness/base/system_facts.h"
#include "harness/data/loader.h"
#include "harness/train/device.h"
#include "harness/train/schedule.h"

namespace mra {

/// For the beginning of a thread beside others.
static void use_one_thread() {
  set_threads(1);
}

/// An Error when slices of a batch would not give the batch's gradients.
static void check_slices(Task& task) {
  constexpr const char* kWhere = "recipe/micro_batch";
  check(task.loss_of_rows() == LossOfRows::kMean, ErrorKind::kUsage, kWhere,
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
      optimizer_(task.module(), recipe),
      // Threads in autocast share its copies of the weights, and its gradients.
      side_by_side_(device.is_cpu() && at::get_num_threads() == 1 && recipe.precision != "bf16") {
  check(steps_per_epoch_ > 0, ErrorKind::kUsage, "recipe/batch_size",
        "is larger than the training set, so an epoch has no step", "choose a smaller batch");
  if (recipe.micro_batch > 0) check_slices(task);
  for (const torch::Tensor& parameter : task.module().parameters())
    if (parameter.requires_grad()) parameters_.push_back(parameter);
  if (side_by_side_ && !task.inputs_use_weights()) ahead_.emplace(use_one_thread);
  if (recipe.ema_decay == 0) return;
  averaged_.emplace(task.module(), recipe.ema_decay);
  task.use_average(*averaged_);
}

double Stepper::lr(const Step& step) const {
  return learning_rate(recipe_, step.step, steps_per_epoch_);
}

Stepper::Coming Stepper::make_inputs(const Step& step) {
  const double waited_s = data_wait_s();
  StepInputs inputs = task_.inputs(step);
  return {std::move(inputs), data_wait_s() - waited_s};
}

StepInputs Stepper::inputs(const Step& step) {
  if (!ahead_) return task_.inputs(step);
  StepInputs inputs;
  if (coming_.valid()) {
    const Stopwatch watch;
    Coming coming = coming_.get();
    add_data_wait_s(std::min(watch.elapsed_s(), coming.data_wait_s));
    inputs = std::move(coming.inputs);
  } else {
    inputs = task_.inputs(step);
  }
  if (step.step_in_epoch + 1 < steps_per_epoch_) {
    const Step next{step.epoch, step.step_in_epoch + 1, step.step + 1};
    coming_ = ahead_->run([this, next] { return make_inputs(next); });
  }
  return inputs;
}

torch::Tensor Stepper::forward(const Step& step, const StepInputs& inputs) {
  if (rows_of_slice() > 0) return forward_in_slices(step, inputs);
  const AutocastScope precision(device_, recipe_.precision);
  return task_.loss(step, inputs);
}

/// Rows of the inputs that are computed at a time; 0: all.
int64_t Stepper::rows_of_slice() const {
  return task_.loss_of_rows() == LossOfRows::kSum ? 1 : recipe_.micro_batch;
}

Stepper::Slice Stepper::compute(const Step& step, const StepInputs& slice, double weight) {
  torch::Tensor loss;
  {
    const AutocastScope precision(device_, recipe_.precision);
    loss = task_.loss(step, slice) * weight;
  }
  return {loss.detach(), torch::autograd::grad({loss}, parameters_, {}, /*retain_graph=*/{},
                                               /*create_graph=*/false, /*allow_unused=*/true)};
}

void Stepper::add_gradients(const std::vector<torch::Tensor>& gradients) {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (!gradients[i].defined()) continue;
    torch::Tensor& sum = parameters_[i].mutable_grad();
    if (sum.defined())
      sum.add_(gradients[i]);
    else
      sum = gradients[i];
  }
}

/// The sums have the order of the slices, for any number of threads.
torch::Tensor Stepper::forward_in_slices(const Step& step, const StepInputs& inputs) {
  const int64_t rows = inputs.begin()->second.size(0), most = rows_of_slice();
  const bool mean = task_.loss_of_rows() == LossOfRows::kMean;
  const int64_t threads = side_by_side_ ? std::min<int64_t>(usable_cores(), rows / most) : 0;
  while (int64_t(helpers_.size()) < threads)
    helpers_.push_back(std::make_unique<SideThread>(use_one_thread));
  std::vector<std::future<Slice>> slices;
  for (int64_t first = 0; first < rows; first += most) {
    const int64_t count = std::min(most, rows - first);
    StepInputs slice;
    for (const auto& [name, tensor] : inputs) slice[name] = tensor.narrow(0, first, count);
    const double weight = mean ? double(count) / double(rows) : 1;
    const auto work = [=, this] { return compute(step, slice, weight); };
    slices.push_back(helpers_.empty() ? std::async(std::launch::deferred, work)
                                      : helpers_[slices.size() % helpers_.size()]->run(work));
  }
  torch::Tensor total;
  for (auto& computed : slices) {
    const Slice slice = computed.get();
    add_gradients(slice.gradients);
    total = total.defined() ? total + slice.loss : slice.loss;
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
