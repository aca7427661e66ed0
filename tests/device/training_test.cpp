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
  if (dataset.contains("of")) shrink(dataset["of"]);
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
  Trainings() { set_threads_to_one(); }
  static void set_threads_to_one() { at::set_num_threads(1); }

  /// The first experiment of each row of a table.
  std::vector<ExperimentSpec> experiments(const std::string& table) const {
    std::vector<ExperimentSpec> all;
    for (const TableRow& row : library_.table(table, "smoke").rows)
      if (!row.experiments.empty()) all.push_back(small(row.experiments.front()));
    return all;
  }

  std::unique_ptr<Task> task(const ExperimentSpec& experiment, torch::Device device) {
    for (const Dependency& needed : experiment.dependencies) make_weights(needed);
    TaskContext context{
        .spec = experiment, .catalog = full_catalog(), .data_dirs = {}, .method = {}};
    context.method.device = device;
    context.method.precision = experiment.recipe.precision;
    context.method.weights_of = [this](const std::string& value) {
      return dir_ / (weights_source(value).value().name + ".safetensors");
    };
    return full_catalog().tasks.make(experiment.task, context);
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
                         testing::Values("table1", "table3", "table4", "table5", "table6"),
                         [](const auto& table) { return std::string(table.param); });

TEST_P(Trainings, AreTheCpus) {
  for (const ExperimentSpec& experiment : experiments(GetParam())) {
    const TrainResult cpu = result(experiment, torch::kCPU);
    const TrainResult other = result(experiment, stand_in_device());
    ASSERT_EQ(cpu.curves.at("train_loss").size(), other.curves.at("train_loss").size());
    for (size_t i = 0; i < cpu.curves.at("train_loss").size(); ++i) {
      const double loss = cpu.curves.at("train_loss")[i].second;
      EXPECT_NEAR(other.curves.at("train_loss")[i].second, loss, 1e-4 * std::abs(loss))
          << experiment.name << ", epoch " << i;
    }
    EXPECT_EQ(other.metrics.size(), cpu.metrics.size()) << experiment.name;
  }
}

TEST_P(Trainings, GoOnAfterAnInterruptionAsIfThereWereNone) {
  const ExperimentSpec experiment = experiments(GetParam()).back();
  const TrainResult whole = result(experiment, stand_in_device());
  const TrainResult resumed = result(experiment, stand_in_device(), /*stop_at=*/3);
  EXPECT_EQ(resumed.curves, whole.curves) << experiment.name;
  EXPECT_EQ(resumed.metrics, whole.metrics) << experiment.name;
}

TEST_P(Trainings, FetchNoMoreThanTheyMust) {
  for (const ExperimentSpec& experiment : experiments(GetParam())) {
    const auto made = task(experiment, stand_in_device());
    Stepper stepper(*made, experiment.recipe, stand_in_device());
    made->start_epoch(0, 0);
    Traffic before;
    for (int64_t i = 0; i < 2; ++i) {  // the second is steady
      before = traffic();
      const Step step{.epoch = 0, .step_in_epoch = i, .step = i};
      stepper.update(step, stepper.forward(step, made->inputs(step)));
    }
    const Traffic of_step = traffic() - before;
    std::string readers;
    for (const auto& [name, count] : of_step.read_by)
      readers += " " + name + " " + std::to_string(count);
    std::printf("%s: %ld uploads, %ld pageable, %ld bytes, %ld reads%s\n", experiment.name.c_str(),
                of_step.uploads, of_step.pageable_uploads, of_step.upload_bytes, of_step.reads,
                readers.c_str());
  }
}

}  // namespace
}  // namespace mra
