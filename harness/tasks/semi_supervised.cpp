#include <algorithm>

#include <ATen/autocast_mode.h>
#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/tasks/accuracy.h"
#include "harness/tasks/picture_feed.h"
#include "harness/train/device.h"
#include "harness/train/ema.h"

namespace mra {

namespace {

SamplerPtr drawn_labelled(const Dataset& dataset, uint64_t seed) {
  return with_replacement(dataset.size(), seed);
}

SamplerPtr drawn_unlabelled(const Dataset& dataset, uint64_t seed) {
  return with_replacement(dataset.size(), seed, /*stream=*/1);
}

struct SemiSupervisedOptions {
  SemiSupervisedMethod method;
  int64_t steps_per_epoch = 0;
  int64_t unlabelled_batch = 0;
};

SemiSupervisedOptions read_options(SpecReader reader, const TaskContext& context) {
  const ExperimentSpec& spec = context.spec;
  const auto& methods = context.catalog.semi_supervised_methods;
  SemiSupervisedOptions options;
  const std::string algorithm = reader.deciding("algorithm", methods.names());
  options.steps_per_epoch = reader.in_range<int64_t>("steps_per_epoch", 1, 1'000'000'000);
  const double ratio = reader.in_range("unlabelled_ratio", 1.0, 0.0, 1e4);
  options.unlabelled_batch = int64_t(ratio * double(spec.recipe.batch_size));
  check(options.unlabelled_batch > 0, ErrorKind::kUsage, reader.where("unlabelled_ratio"),
        fmt::format("{} times {} labelled pictures is less than one unlabelled picture per step",
                    ratio, spec.recipe.batch_size),
        "give a larger ratio, or a larger batch");
  options.method = methods.make(algorithm, reader, context.method);
  const SemiSupervisedMethod& method = options.method;
  check(!method.equal_batches || options.unlabelled_batch == spec.recipe.batch_size,
        ErrorKind::kUsage, reader.where("unlabelled_ratio"),
        fmt::format("{} needs as many unlabelled pictures as labelled ones", algorithm), "give 1");
  check(!method.needs_teacher || spec.recipe.ema_decay > 0, ErrorKind::kUsage,
        spec.file + ": /recipe/ema_decay",
        fmt::format("{} needs averaged weights as its teacher, and this recipe keeps none",
                    algorithm),
        "give 0.999");
  return options;
}

/// Returns the transforms of each view of an unlabelled picture. Those in the spec make the strong
/// view.
std::vector<std::vector<NamedOptions>> views_of(const SemiSupervisedMethod& method,
                                                const ExperimentSpec& spec) {
  const bool given = !spec.image_transforms.empty() || !spec.batch_transforms.empty();
  const bool wanted = std::count(method.views.begin(), method.views.end(), "strong") > 0;
  check(given || !wanted, ErrorKind::kUsage, spec.file + ": /task_options/algorithm",
        "needs a weak and a strong view of a picture, but nothing makes the "
        "strong one",
        "give \"image_transforms\", such as [{\"randaugment_fixmatch\": {}}], or "
        "\"batch_transforms\"");
  check(wanted || !given, ErrorKind::kUsage, spec.file + ": /task_options/algorithm",
        "has no strong view, but the spec gives transforms for one",
        "leave \"image_transforms\" and \"batch_transforms\" out");
  std::vector<std::vector<NamedOptions>> views;
  for (const std::string& view : method.views)
    views.push_back(view == "strong" ? spec.image_transforms : std::vector<NamedOptions>());
  return views;
}

std::vector<BatchTransform> batch_transforms_of(const TaskContext& context) {
  std::vector<BatchTransform> transforms;
  for (const NamedOptions& entry : context.spec.batch_transforms) {
    const SpecReader options(entry.options, context.spec.file, entry.pointer);
    transforms.push_back(
        context.catalog.batch_transforms.make(entry.name, options, context.method));
    check(!transforms.back().mixes, ErrorKind::kUsage, options.where(),
          "mixes pictures, but a strong view has no label to mix",
          "choose a transform that changes each picture by itself");
  }
  return transforms;
}

/// Learns to classify from a few labelled pictures and many unlabelled ones (Table 4). Each step
/// draws from both with replacement.
class SemiSupervised : public Task {
 public:
  SemiSupervised(const TaskContext& context, const SemiSupervisedOptions& options)
      : seed_(context.seed),
        recipe_(context.spec.recipe),
        device_(context.method.device),
        model_spec_(context.spec.model),
        options_(options),
        strong_transforms_(batch_transforms_of(context)),
        labelled_(context, Split::kTrain,
                  {.batch_size = recipe_.batch_size,
                   .sampler = drawn_labelled,
                   .batches_per_epoch = options.steps_per_epoch,
                   .views = {{}}}),
        unlabelled_(context, Split::kUnlabelled,
                    {.batch_size = options.unlabelled_batch,
                     .sampler = drawn_unlabelled,
                     .batches_per_epoch = options.steps_per_epoch,
                     .views = views_of(options.method, context.spec)}),
        validation_(context, Split::kVal) {
    seed_initial_weights(seed_);
    model_ = make_classifier(SpecReader(context.spec.model, context.spec.file, "/model"),
                             labelled_.classes());
    use_channels_last(*model_);
    model_->to(device_);
  }

  torch::nn::Module& module() override { return *model_; }
  int64_t steps_per_epoch() const override { return options_.steps_per_epoch; }
  int64_t images_per_step() const override {
    return recipe_.batch_size + options_.unlabelled_batch;
  }
  void start_epoch(int64_t epoch, int64_t first_step) override {
    labelled_.start_training(epoch, first_step);
    unlabelled_.start_training(epoch, first_step);
  }
  void use_average(AveragedWeights& average) override { average_ = &average; }

  StepInputs inputs(const Step& step) override {
    Rng rng({.seed = uint64_t(seed_),
             .epoch = uint32_t(step.epoch),
             .index = uint64_t(step.step_in_epoch),
             .purpose = Purpose::kBatch});
    const Batch labelled = labelled_.next_of_epoch();
    StepInputs inputs{{"labelled", labelled.images}, {"targets", labelled.targets}};
    auto views = unlabelled_.next_views();
    inputs["unlabelled_targets"] = views.front().targets;
    for (size_t i = 0; i < views.size(); ++i) {
      const std::string& name = options_.method.views[i];
      if (name == "strong")
        for (const BatchTransform& transform : strong_transforms_)
          views[i] = transform(std::move(views[i]), rng);
      inputs[name] = views[i].images;
    }
    if (options_.method.draw) options_.method.draw(inputs, rng);
    return inputs;
  }

  torch::Tensor loss(const Step& step, const StepInputs& inputs) override {
    const auto loss = options_.method.loss(
        {.inputs = inputs,
         .student = Student(*model_),
         .teacher = [this](const torch::Tensor& images) { return ask_teacher(images); },
         .step = step.step,
         .steps = recipe_.epochs * options_.steps_per_epoch});
    observe(loss, inputs.at("unlabelled_targets"));
    return loss.total;
  }

  std::map<std::string, torch::Tensor> observed() const override { return observed_; }

  Metrics evaluate() override {
    Accuracy accuracy = accuracy_on(*model_, validation_, device_, recipe_.precision);
    right_ = std::move(accuracy.right);
    return std::move(accuracy.metrics);
  }
  const std::vector<bool>& right() const override { return right_; }

  std::string headline() const override { return "top1"; }
  std::map<std::string, std::string> weights_metadata() const override {
    return {{"model", model_spec_.dump()}, {"labelled", labelled_pictures().dump()}};
  }

 private:
  torch::Tensor ask_teacher(const torch::Tensor& images) {
    const AveragedWeights::Scope averages(*average_);
    at::autocast::clear_cache();  // holds copies of the student's weights
    const auto logits = Student(*model_).target(images);
    at::autocast::clear_cache();
    return logits;
  }

  /// The names of the labelled pictures, so that other programs can use the same ones.
  Json labelled_pictures() const {
    Json names = Json::array();
    for (int64_t i = 0; i < labelled_.dataset().size(); ++i)
      names.push_back(labelled_.dataset().describe(i));
    return names;
  }

  /// Records the share of unlabelled pictures with a pseudo-label, and the share of
  /// correct ones among those with a known label. `targets` [U,C]: a row of zeros means
  /// unknown.
  void observe(const SemiSupervisedLoss& loss, const torch::Tensor& targets) {
    observed_.clear();
    if (!loss.used.defined()) return;
    const auto used = loss.used.sum();
    observed_["used_frac"] = torch::stack({used, torch::full_like(used, loss.used.size(0))});
    const auto known = targets.sum(1).gt(0).logical_and(loss.used);
    const auto right = known.logical_and(targets.argmax(1).eq(loss.pseudo_labels));
    observed_["pseudo_label_accuracy_frac"] = torch::stack({right.sum(), known.sum()});
  }

  int64_t seed_;
  Recipe recipe_;
  torch::Device device_;
  Json model_spec_;
  SemiSupervisedOptions options_;
  std::vector<BatchTransform> strong_transforms_;
  PictureFeed labelled_, unlabelled_, validation_;
  Classifier model_;
  std::vector<bool> right_;  ///< pictures of the latest evaluate()
  AveragedWeights* average_ = nullptr;
  std::map<std::string, torch::Tensor> observed_;
};

/// Lets the run's seed choose the labelled pictures, unless the spec does.
ExperimentSpec with_labels_of_seed(ExperimentSpec spec, int64_t seed) {
  Json& dataset = spec.dataset;
  const bool chosen = dataset.contains("labels_seed") || dataset.contains("label_file");
  if (dataset.value("kind", "") == "few_labels" && !chosen) dataset["labels_seed"] = seed;
  return spec;
}

}  // namespace

std::unique_ptr<Task> make_semi_supervised(SpecReader reader, const TaskContext& context) {
  const ExperimentSpec spec = with_labels_of_seed(context.spec, context.seed);
  const TaskContext own = with_input({.spec = spec,
                                      .catalog = context.catalog,
                                      .seed = context.seed,
                                      .data_dirs = context.data_dirs,
                                      .loader_threads = context.loader_threads,
                                      .method = context.method});
  const SemiSupervisedOptions options = read_options(std::move(reader), own);
  context.end_if_only_read();
  return std::make_unique<SemiSupervised>(own, options);
}

}  // namespace mra
