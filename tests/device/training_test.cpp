// Trainings on a device that is not the CPU: no tensor is on the wrong side, the results are the
// CPU's, and a step fetches no more than it must.
#include <gtest/gtest.h>

#include "harness/base/progress.h"
#include "harness/model/state_dict.h"
#include "harness/spec/library.h"
#include "harness/spec/weights_source.h"
#include "harness/train/stepper.h"
#include "harness/train/trainer.h"
#include "harness/worker/run_request.h"
#include "tests/device/stand_in_device.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

/// Few pictures, few steps: a second on a CPU.
void shrink(Json& dataset) {
  if (dataset.contains("of")) {
    shrink(dataset["of"]);
    for (const char* expected : {"train_pictures", "val_pictures", "test_pictures"})
      dataset.erase(expected);
  }
  if (dataset.value("kind", "") == "shapes")
    dataset.update({{"train_pictures", 240}, {"val_pictures", 60}});
  if (dataset.value("kind", "") == "few_labels") dataset["labels"] = 40;
  if (dataset.value("kind", "") == "long_tail") dataset.update({{"most", 12}, {"least", 4}});
}

ExperimentSpec small(ExperimentSpec experiment) {
  shrink(experiment.dataset);
  Recipe& recipe = experiment.recipe;
  recipe.epochs = 2;
  recipe.warmup_epochs = 0;
  recipe.lr *= 0.1;  // so that roundings grow little
  recipe.evaluate_every_epochs = 1;
  recipe.evaluate_every_steps = recipe.late_evaluate_every_steps = 0;
  recipe.batch_size = experiment.task == "few_shot" ? std::min<int64_t>(recipe.batch_size, 2) : 24;
  Json& options = experiment.task_options;
  if (options.contains("steps_per_epoch")) options["steps_per_epoch"] = 3;
  if (experiment.task == "few_shot")
    options.update({{"episodes_per_epoch", 4}, {"validation_episodes", 2}, {"queries", 3}});
  return experiment;
}

class Trainings : public testing::TestWithParam<const char*> {
 protected:
  Trainings() { at::set_num_threads(1); }

  /// The first experiment of each row of a table.
  std::vector<ExperimentSpec> experiments(const std::string& table) const {
    if (table == "pretraining")
      return {small(library_.experiment("pretrain/mae_mini_r40", "smoke"))};
    std::vector<ExperimentSpec> all;
    for (const TableRow& row : library_.table(table, "smoke").rows)
      if (!row.experiments.empty()) all.push_back(small(row.experiments.front()));
    return all;
  }

  TaskContext context(const ExperimentSpec& experiment, torch::Device device) const {
    TaskContext context{
        .spec = experiment, .catalog = full_catalog(), .data_dirs = {}, .method = {}};
    context.method.device = device;
    context.method.precision = experiment.recipe.precision;
    context.method.weights_of = [this](const std::string& value) {
      return dir_ / (weights_source(value).value().name + ".safetensors");
    };
    return context;
  }

  std::unique_ptr<Task> task(const ExperimentSpec& experiment, torch::Device device) {
    for (const Dependency& needed : experiment.dependencies) make_weights(needed);
    return make_task(context(experiment, device));
  }

  /// Weights as they are before any training.
  void make_weights(const Dependency& needed) {
    const fs::path path = dir_ / (needed.key + ".safetensors");
    if (fs::exists(path)) return;
    const auto made = task(small(library_.experiment(needed.experiment, "smoke")), torch::kCPU);
    write_weights(path, state_dict(made->module()), made->weights_metadata());
  }

  /// Trains to the end, interrupted at `stop_at` if that is not 0.
  TrainResult result(const ExperimentSpec& experiment, torch::Device device, int64_t stop_at = 0) {
    struct Silent : Progress {
      void update(const ProgressUpdate&) override {}
    } progress;
    RunDirectory directory(dir_ / ("run" + std::to_string(++runs_)));
    fs::create_directories(directory.path());
    JournalWriter journal(directory.journal_file());
    const std::atomic<bool> stop{false};
    TrainEnv env{.device = device,
                 .directory = directory,
                 .journal = journal,
                 .progress = progress,
                 .stop = stop,
                 .until_step = stop_at};
    TrainResult first = train(*task(experiment, device), experiment.recipe, env);
    if (stop_at == 0) return first;
    EXPECT_FALSE(first.finished);
    env.until_step = 0;
    return train(*task(experiment, device), experiment.recipe, env);
  }

  const SpecLibrary library_{ExperimentFolders{{std::string(HARNESS_SOURCE_DIR) + "/experiments"}}};
  TempDir dir_;
  int runs_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Tables, Trainings,
                         testing::Values("table1", "table3", "table4", "table5", "table6",
                                         "pretraining"),
                         [](const auto& table) { return std::string(table.param); });

/// Loss of the first step, and what crosses to the device and back in the second.
struct FirstSteps {
  double loss = 0;
  Traffic steady;              ///< of the second step
  int64_t uploads_beside = 0;  ///< for both steps and for those read ahead
};

FirstSteps first_steps(Task& task, const Recipe& recipe, torch::Device device) {
  Stepper stepper(task, recipe, device);
  task.start_epoch(0, 0);
  FirstSteps seen;
  const Traffic start = traffic();
  Traffic before;
  for (int64_t i = 0; i < 2; ++i) {
    before = traffic();
    const Step step{.epoch = 0, .step_in_epoch = i, .step = i};
    const torch::Tensor loss = stepper.forward(step, task.inputs(step));
    stepper.update(step, loss);
    if (i == 0) seen.loss = loss.item<double>();
  }
  seen.steady = traffic() - before;
  seen.uploads_beside = (traffic() - start).uploads_beside;
  return seen;
}

TEST_P(Trainings, BeginAsOnTheCpu) {
  for (const ExperimentSpec& experiment : experiments(GetParam())) {
    const auto cpu = first_steps(*task(experiment, torch::kCPU), experiment.recipe, torch::kCPU);
    const auto other =
        first_steps(*task(experiment, stand_in_device()), experiment.recipe, stand_in_device());
    EXPECT_NEAR(other.loss, cpu.loss, 1e-5 * std::abs(cpu.loss)) << experiment.name;
  }
}

/// Roundings grow from step to step, the more the larger the learning rate, and most where a
/// threshold decides. Some rows only: it takes long.
TEST_P(Trainings, EndNearTheCpus) {
  const auto all = experiments(GetParam());
  for (size_t i = (all.size() - 1) % 3; i < all.size(); i += 3) {
    const ExperimentSpec& experiment = all[i];
    const TrainResult cpu = result(experiment, torch::kCPU);
    const TrainResult other = result(experiment, stand_in_device());
    const double loss = cpu.curves.at("train_loss").back().second;
    EXPECT_NEAR(other.curves.at("train_loss").back().second, loss, 1e-3 * std::abs(loss))
        << experiment.name;
    ASSERT_EQ(other.metrics.size(), cpu.metrics.size()) << experiment.name;
  }
}

TEST_P(Trainings, GoOnAfterAnInterruptionAsIfThereWereNone) {
  const ExperimentSpec experiment = experiments(GetParam()).back();
  const TrainResult whole = result(experiment, stand_in_device());
  const TrainResult resumed = result(experiment, stand_in_device(), /*stop_at=*/3);
  EXPECT_EQ(resumed.curves, whole.curves) << experiment.name;
  EXPECT_EQ(resumed.metrics, whole.metrics) << experiment.name;
}

class Judges : public Trainings {};
INSTANTIATE_TEST_SUITE_P(Tables, Judges, testing::Values("table3", "table5", "figure2", "figure4"),
                         [](const auto& table) { return std::string(table.param); });

TEST_P(Judges, FindWhatTheyFindOnTheCpu) {
  const ExperimentSpec experiment = experiments(GetParam()).back();
  const auto made = task(experiment, torch::kCPU);
  write_weights(dir_ / "judged.safetensors", state_dict(made->module()), made->weights_metadata());
  for (NamedOptions judge : judges_of(experiment)) {
    if (judge.name == "episodes") judge.options["count"] = 3;
    for (const Dependency& needed : experiment.judge_dependencies) make_weights(needed);
    std::vector<Metrics> found;
    for (const torch::Device device : {torch::Device(torch::kCPU), stand_in_device()}) {
      const TaskContext run = context(experiment, device);
      found.push_back(full_catalog()
                          .judges
                          .make(judge.name, SpecReader(judge.options, "test"),
                                {.run = run, .weights = dir_ / "judged.safetensors"})
                          .metrics);
    }
    ASSERT_EQ(found[0].size(), found[1].size()) << judge.name;
    for (const auto& [name, value] : found[0])
      EXPECT_NEAR(found[1].at(name), value, 2) << name;  // percent: a rounding moves a picture
  }
}

/// Copies to the device in a step: the bytes of the pictures and their labels, once for each view
/// and kind of picture, and what a method draws.
int64_t upload_budget(const ExperimentSpec& experiment) {
  static const std::map<std::string, int64_t> kOfTask = {
      {"supervised", 2}, {"mae_pretrain", 3}, {"few_shot", 2}, {"semi_supervised", 8}};
  static const std::map<std::string, int64_t> kOfTransform = {
      {"mixup", 1}, {"cutmix", 1}, {"cutout", 1}, {"saliencymix", 1}, {"puzzlemix", 8}, {"mra", 1}};
  int64_t budget = kOfTask.at(experiment.task);
  for (const NamedOptions& entry : experiment.batch_transforms)
    budget += kOfTransform.at(entry.name);
  return budget;
}

/// Reads by the host: what is computed on the CPU.
int64_t read_budget(const ExperimentSpec& experiment) {
  static const std::map<std::string, int64_t> kOfTransform = {{"saliencymix", 1}, {"puzzlemix", 3}};
  int64_t budget = 0;
  for (const NamedOptions& entry : experiment.batch_transforms)
    if (kOfTransform.contains(entry.name)) budget += kOfTransform.at(entry.name);
  return budget;
}

TEST_P(Trainings, FetchNoMoreThanTheyMust) {
  for (const ExperimentSpec& experiment : experiments(GetParam())) {
    const FirstSteps seen =
        first_steps(*task(experiment, stand_in_device()), experiment.recipe, stand_in_device());
    const Traffic& step = seen.steady;
    std::string readers;
    for (const auto& [name, count] : step.read_by) readers += " " + name;
    EXPECT_LE(step.uploads, upload_budget(experiment)) << experiment.name;
    EXPECT_EQ(step.pageable_uploads, 0) << experiment.name;
    EXPECT_GE(seen.uploads_beside, 2 * (experiment.task == "semi_supervised" ? 4 : 2))
        << experiment.name << ": pictures and labels wait for what is computed";
    EXPECT_LE(step.reads, read_budget(experiment)) << experiment.name << ":" << readers;
  }
}

}  // namespace
}  // namespace mra
