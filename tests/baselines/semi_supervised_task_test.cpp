// The task of Table 4 at the smoke scale, with fewer pictures.
#include <gtest/gtest.h>

#include "baselines/catalog.h"
#include "harness/base/error.h"
#include "harness/model/classifier.h"
#include "harness/spec/library.h"
#include "harness/train/ema.h"
#include "harness/train/optimizer.h"

namespace mra {
namespace {

class SemiSupervisedTask : public testing::Test {
 protected:
  SemiSupervisedTask() {
    at::set_num_threads(1);
    register_methods(catalog_);
    register_tasks(catalog_);
    const SpecLibrary library(std::filesystem::path(HARNESS_SOURCE_DIR) / "experiments");
    for (const auto& row : library.table("table4", "smoke").rows)
      for (const auto& experiment : row.experiments)
        if (experiment.dependencies.empty())
          specs_[experiment.resolved["task_options"]["algorithm"].get<std::string>()] =
              experiment.resolved;
  }

  /// The task of an algorithm's row, changed by `patch`.
  std::unique_ptr<Task> make(const std::string& algorithm, const Json& patch = Json::object(),
                             int64_t seed = 0) {
    Json spec = specs_.at(algorithm);
    spec.merge_patch(
        {{"dataset", {{"labels", 20}, {"of", {{"train_pictures", 60}, {"val_pictures", 20}}}}},
         {"model", {{"width", 4}}},
         {"task_options", {{"steps_per_epoch", 4}}},
         {"recipe", {{"batch_size", 4}, {"epochs", 3}}}});
    spec.merge_patch(patch);
    experiment_ = read_experiment(spec, "test", "test");
    TaskContext context{.spec = experiment_, .catalog = catalog_, .data_dirs = {}, .method = {}};
    context.seed = seed;
    context.method.precision = experiment_.recipe.precision;
    return make_task(context);
  }

  std::string refusal(const std::string& algorithm, const Json& patch) {
    try {
      make(algorithm, patch);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kUsage);
      return error.what();
    }
    return "accepted";
  }

  Catalog catalog_;
  std::map<std::string, Json> specs_;
  ExperimentSpec experiment_;
};

TEST_F(SemiSupervisedTask, EveryMethodOfTheTableDoesAStep) {
  EXPECT_EQ(specs_.size(), 7u);
  for (const auto& [algorithm, spec] : specs_) {
    const auto task = make(algorithm);
    AveragedWeights average(task->module(), 0.9);
    task->use_average(average);
    task->start_epoch(0, 0);
    const auto inputs = task->inputs({});
    const auto loss = task->loss({}, inputs);
    EXPECT_TRUE(std::isfinite(loss.item<double>())) << algorithm;
    loss.backward();
    for (const auto& parameter : task->module().named_parameters())
      EXPECT_TRUE(parameter.value().grad().defined()) << algorithm << parameter.key();
    EXPECT_EQ(task->images_per_step(), inputs.at("labelled").size(0) + inputs.at("weak").size(0));
  }
}

TEST_F(SemiSupervisedTask, ViewsAreOfTheSamePicturesAndDiffer) {
  const auto task = make("fixmatch");
  task->start_epoch(0, 0);
  const auto inputs = task->inputs({});
  EXPECT_EQ(inputs.at("weak").size(0), 28);
  EXPECT_EQ(inputs.at("weak").sizes(), inputs.at("strong").sizes());
  EXPECT_FALSE(inputs.at("weak").equal(inputs.at("strong")));
  EXPECT_EQ(inputs.at("unlabelled_targets").size(0), 28);
  const auto twice = make("pi_model");
  twice->start_epoch(0, 0);
  const auto both = twice->inputs({});
  EXPECT_FALSE(both.at("weak").equal(both.at("weak2")));
  // Of a picture moved by two pixels most stays: its mean is nearly the same in
  // both views.
  const auto mean = [](const torch::Tensor& images) { return images.mean({1, 2, 3}); };
  EXPECT_LT((mean(both.at("weak")) - mean(both.at("weak2"))).abs().max().item<double>(), 0.3);
}

TEST_F(SemiSupervisedTask, AnInterruptedEpochGoesOnWithTheSameInputs) {
  for (const char* algorithm : {"fixmatch", "mixmatch", "vat"}) {
    const auto whole = make(algorithm), resumed = make(algorithm);
    whole->start_epoch(2, 0);
    StepInputs last;
    for (int64_t i = 0; i < 4; ++i) last = whole->inputs({2, i, 8 + i});
    resumed->start_epoch(2, 3);
    const auto again = resumed->inputs({2, 3, 11});
    ASSERT_EQ(again.size(), last.size());
    for (const auto& [name, tensor] : last)
      EXPECT_TRUE(tensor.equal(again.at(name))) << algorithm << " " << name;
  }
}

TEST_F(SemiSupervisedTask, TheSeedChoosesTheLabelledPictures) {
  const auto labelled = [&](int64_t seed, const Json& patch) {
    const auto task = make("fixmatch", patch, seed);
    return task->weights_metadata().at("labelled");
  };
  EXPECT_EQ(labelled(0, Json::object()), labelled(0, Json::object()));
  EXPECT_NE(labelled(0, Json::object()), labelled(1, Json::object()));
  const Json fixed = {{"dataset", {{"labels_seed", 4}}}};
  EXPECT_EQ(labelled(0, fixed), labelled(1, fixed));
}

TEST_F(SemiSupervisedTask, TheTeacherIsTheAverageAndLeavesNoTrace) {
  const auto task = make("mean_teacher");
  AveragedWeights average(task->module(), 0.9);
  task->use_average(average);
  {
    const torch::NoGradGuard no_grad;  // the student moves on: zero logits
    for (auto& parameter : task->module().parameters()) parameter.zero_();
  }
  task->start_epoch(0, 0);
  const auto inputs = task->inputs({});
  const Step late{2, 3, 11};  // the ramp is over
  const double apart = task->loss(late, inputs).item<double>();
  for (const auto& parameter : task->module().parameters())
    EXPECT_EQ(parameter.abs().sum().item<double>(), 0);
  for (int i = 0; i < 200; ++i) average.update();  // the teacher comes to the same zeros
  EXPECT_NEAR(task->loss(late, inputs).item<double>(), std::log(10.0), 1e-3);
  EXPECT_GT(apart, std::log(10.0) + 1e-3);
}

TEST_F(SemiSupervisedTask, ObservesHowManyPseudoLabelsAreUsedAndRight) {
  const auto task = make("fixmatch", {{"task_options", {{"threshold", 0}}}});
  task->start_epoch(0, 0);
  const auto inputs = task->inputs({});
  task->loss({}, inputs);
  const auto observed = task->observed();
  const auto used = observed.at("used_frac"), right = observed.at("pseudo_label_accuracy_frac");
  EXPECT_EQ(used[0].item<int64_t>(), 28);
  EXPECT_EQ(used[1].item<int64_t>(), 28);
  EXPECT_EQ(right[1].item<int64_t>(), 28);
  EXPECT_LT(right[0].item<int64_t>(), 28);
  auto unknown = inputs;
  unknown["unlabelled_targets"] = torch::zeros_like(inputs.at("unlabelled_targets"));
  task->loss({}, unknown);
  EXPECT_EQ(task->observed().at("pseudo_label_accuracy_frac")[1].item<int64_t>(), 0);
}

TEST_F(SemiSupervisedTask, RefusesWhatMakesNoSense) {
  EXPECT_NE(refusal("fixmatch", {{"image_transforms", nullptr}}).find("makes the strong one"),
            std::string::npos);
  const Json strong = Json::array({{{"randaugment_fixmatch", Json::object()}}});
  EXPECT_NE(refusal("pi_model", {{"image_transforms", strong}}).find("has no strong view"),
            std::string::npos);
  EXPECT_NE(refusal("fixmatch", {{"task_options", {{"unlabelled_ratio", 0.2}}}})
                .find("less than one unlabelled picture"),
            std::string::npos);
  EXPECT_NE(refusal("mixmatch", {{"task_options", {{"unlabelled_ratio", 2}}}}).find("as many"),
            std::string::npos);
  EXPECT_NE(refusal("mean_teacher", {{"recipe", {{"ema_decay", 0}}}}).find("teacher"),
            std::string::npos);
  EXPECT_NE(refusal("vat", {{"recipe", {{"precision", "bf16"}}}}).find("bf16"), std::string::npos);
  EXPECT_NE(refusal("fixmatch", {{"dataset", {{"labels", 1000}}}}).find("pictures"),
            std::string::npos);
  const Json mixing = Json::array({{{"mixup", Json::object()}}});
  EXPECT_NE(refusal("fixmatch", {{"batch_transforms", mixing}}).find("no label to mix"),
            std::string::npos);
}

}  // namespace
}  // namespace mra
