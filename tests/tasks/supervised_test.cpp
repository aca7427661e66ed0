// What the supervised task gives to batch transforms.
#include <gtest/gtest.h>

#include "harness/model/classifier.h"
#include "harness/model/state_dict.h"
#include "harness/spec/experiment.h"
#include "harness/spec/library.h"
#include "harness/tasks/catalog.h"
#include "harness/train/device.h"
#include "harness/train/loss.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

/// The gradient that a batch transform was given, and its batch.
struct Seen {
  Batch batch;
  torch::Tensor gradient;
};

class InputGradient : public testing::Test {
 protected:
  InputGradient() {
    register_tasks(catalog_);
    method_.weights_of = [](const std::string& path) { return path; };
    // Under a name that specs may use.
    catalog_.batch_transforms.add("mixup", [this](SpecReader, const MethodContext& context) {
      BatchTransform transform([this, gradient_of = context.input_gradient](Batch batch, Rng&) {
        if (looks_) seen_ = {batch, gradient_of(batch)};
        return batch;
      });
      transform.uses_gradient = true;
      return transform;
    });
    const SpecLibrary library(std::filesystem::path(HARNESS_SOURCE_DIR) / "experiments");
    Json spec = library.table("table6", "smoke").rows.front().experiments.front().resolved;
    spec.merge_patch({{"dataset", {{"train_pictures", 16}, {"val_pictures", 4}}},
                      {"model", {{"width", 4}}},
                      {"recipe", {{"batch_size", 8}, {"warmup_epochs", 0}}}});
    spec["batch_transforms"] = Json::array({{{"mixup", Json::object()}}});
    experiment_ = read_experiment(spec, "test", "test");
  }

  /// The loss of the first step of a fresh task, and the task.
  std::pair<std::unique_ptr<Task>, torch::Tensor> first_step(
      bool looks, const std::string& precision = "fp32") {
    looks_ = looks;
    auto task = make_task(
        TaskContext{.spec = experiment_, .catalog = catalog_, .data_dirs = {}, .method = method_});
    task->start_epoch(0, 0);
    const StepInputs inputs = task->inputs({});
    const AutocastScope autocast(torch::kCPU, precision);
    auto loss = task->loss({}, inputs);
    return {std::move(task), loss};
  }

  Catalog catalog_;
  MethodContext method_;
  ExperimentSpec experiment_;
  Seen seen_;
  bool looks_ = true;
};

TEST_F(InputGradient, IsThatOfTheLossInEvaluationMode) {
  const auto [task, loss] = first_step(true);
  auto& model = dynamic_cast<ClassifierImpl&>(task->module());
  model.eval();
  // The step has moved the running statistics on since: back to those of a fresh network.
  for (auto& item : model.named_buffers()) {
    if (item.key().ends_with("running_mean")) item.value().zero_();
    if (item.key().ends_with("running_var")) item.value().fill_(1);
  }
  const auto loss_of = [&](const torch::Tensor& images) {
    const torch::NoGradGuard no_grad;
    return soft_cross_entropy(model.forward(images), seen_.batch.targets).item<double>();
  };
  const torch::Tensor step = 1e-2 * seen_.gradient / seen_.gradient.norm();
  const double difference = loss_of(seen_.batch.images + step) - loss_of(seen_.batch.images - step);
  const double expected = 2 * (seen_.gradient * step).sum().item<double>();
  EXPECT_GT(expected, 0);
  EXPECT_NEAR(difference / expected, 1, 0.05);
}

TEST_F(InputGradient, LeavesNoTraceInTheStep) {
  for (const char* precision : {"fp32", "bf16"}) {
    const auto [task, loss] = first_step(true, precision);
    EXPECT_GT(seen_.gradient.abs().sum().item<double>(), 0) << precision;
    for (const torch::Tensor& parameter : task->module().parameters())
      EXPECT_FALSE(parameter.grad().defined());
    EXPECT_TRUE(task->module().is_training());
    const auto [twin, twin_loss] = first_step(false, precision);
    EXPECT_TRUE(loss.equal(twin_loss)) << precision;
    const auto buffers = task->module().buffers(), twin_buffers = twin->module().buffers();
    ASSERT_FALSE(buffers.empty());
    for (size_t i = 0; i < buffers.size(); ++i) EXPECT_TRUE(buffers[i].equal(twin_buffers[i]));
    loss.backward();
    twin_loss.backward();
    const auto parameters = task->module().parameters(), twins = twin->module().parameters();
    for (size_t i = 0; i < parameters.size(); ++i)
      EXPECT_TRUE(parameters[i].grad().equal(twins[i].grad())) << precision;
  }
}

TEST_F(InputGradient, TrainingStartsFromGivenWeightsWithANewClassifierWhereClassesDiffer) {
  const auto [trained, loss] = first_step(false);
  StateDict weights = state_dict(trained->module());
  for (auto& [name, tensor] : weights)
    if (tensor.is_floating_point()) tensor = torch::full_like(tensor, 0.5);
  const TempDir folder;
  for (const int64_t classes : {10, 7}) {
    weights["fc.weight"] = torch::full({classes, 16}, 0.5);
    weights["fc.bias"] = torch::full({classes}, 0.5);
    write_weights(folder / "given.safetensors", weights);
    experiment_.task_options["weights"] = (folder / "given.safetensors").string();
    const auto [task, unused] = first_step(false);
    for (const auto& [name, tensor] : state_dict(task->module())) {
      if (!tensor.is_floating_point() || name.find("running") != std::string::npos) continue;
      const bool given = tensor.eq(0.5).all().item<bool>();
      EXPECT_EQ(given, classes == 10 || !name.starts_with("fc.")) << name;
    }
  }
  weights.erase("conv1.weight");
  write_weights(folder / "given.safetensors", weights);
  EXPECT_THROW(first_step(false), Error);
}

}  // namespace
}  // namespace mra
