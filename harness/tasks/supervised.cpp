#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/model/classifier.h"
#include "harness/tasks/accuracy.h"
#include "harness/tasks/picture_feed.h"
#include "harness/tasks/trained_classifier.h"
#include "harness/train/device.h"
#include "harness/train/loss.h"

namespace mra {

namespace {

struct SupervisedOptions {
  MakeSampler sampler;  ///< samples pictures, or classes, with equal probability
  std::string weights;  ///< initial weights; empty: random
  Split split;          ///< to train on: train, or the base classes of few-shot learning
  int64_t outputs = 0;  ///< of the network; 0: one per class
};

MakeSampler sampler_called(const std::string& name, int64_t epochs) {
  if (name == "instance") return every_picture;
  if (name == "class") return classes_in_turn;
  return [name, epochs](const Dataset& dataset, uint64_t seed) {
    std::vector<int64_t> labels, counts(size_t(dataset.classes()));
    for (int64_t i = 0; i < dataset.size(); ++i)
      ++counts[size_t(labels.emplace_back(dataset.label(i)))];
    return by_class_shares(labels, seed, [=](int64_t epoch) {
      return class_shares(name, counts, epochs > 1 ? double(epoch) / double(epochs - 1) : 0);
    });
  };
}

SupervisedOptions read_options(SpecReader reader, const ExperimentSpec& spec) {
  SupervisedOptions options;
  options.sampler = sampler_called(
      reader.one_of("sampler", "instance", {"instance", "class", "square_root", "progressive"}),
      spec.recipe.epochs);
  options.weights = reader.optional<std::string>("weights", "");
  options.outputs = reader.in_range<int64_t>("outputs", 0, 1, 1 << 24);
  reader.reject_unread_keys();
  options.split = splits_of(spec.dataset).front();
  return options;
}

/// Learns to classify, from random or from trained weights: Tables 1–3, 6–9 of the paper.
class Supervised : public Task {
 public:
  Supervised(const TaskContext& context, const SupervisedOptions& options)
      : seed_(context.seed),
        recipe_(context.spec.recipe),
        device_(context.method.device),
        model_spec_(context.spec.model),
        training_(context, options.split,
                  {.batch_size = recipe_.batch_size,
                   .drop_last = recipe_.drop_last,
                   .sampler = options.sampler,
                   .outputs = options.outputs}) {
    check(options.outputs == 0 || options.outputs >= training_.classes(), ErrorKind::kUsage,
          context.spec.file + ": /task_options/outputs",
          fmt::format("is below the {} classes of the data set", training_.classes()),
          "give more, or leave it out");
    if (options.split == Split::kTrain) validation_.emplace(context, Split::kVal);
    MethodContext method = context.method;
    method.input_gradient = [this](const Batch& batch) { return input_gradient(batch); };
    for (const NamedOptions& entry : context.spec.batch_transforms)
      batch_transforms_.push_back(context.catalog.batch_transforms.make(
          entry.name, SpecReader(entry.options, context.spec.file, entry.pointer), method));
    for (const BatchTransform& transform : batch_transforms_)
      inputs_use_weights_ = inputs_use_weights_ || transform.uses_gradient;
    seed_initial_weights(seed_);
    model_ = make_classifier(SpecReader(context.spec.model, context.spec.file, "/model"),
                             std::max(options.outputs, training_.classes()));
    if (!options.weights.empty()) start_from(*model_, context.method.weights_of(options.weights));
    use_channels_last(*model_);
    model_->to(device_);
  }

  torch::nn::Module& module() override { return *model_; }
  int64_t steps_per_epoch() const override { return training_.batches(); }
  int64_t images_per_step() const override { return recipe_.batch_size; }
  void start_epoch(int64_t epoch, int64_t first_step) override {
    training_.start_training(epoch, first_step);
  }

  StepInputs inputs(const Step& step) override {
    Batch batch = training_.next_of_epoch();
    Rng rng({.seed = uint64_t(seed_),
             .epoch = uint32_t(step.epoch),
             .index = uint64_t(step.step_in_epoch),
             .purpose = Purpose::kBatch});
    for (const BatchTransform& transform : batch_transforms_)
      batch = transform(std::move(batch), rng);
    return {{"images", batch.images}, {"targets", batch.targets}};
  }

  bool inputs_use_weights() const override { return inputs_use_weights_; }

  torch::Tensor loss(const Step&, const StepInputs& inputs) override {
    return soft_cross_entropy(model_->forward(inputs.at("images")),
                              smooth_targets(inputs.at("targets"), recipe_.label_smoothing));
  }

  LossOfRows loss_of_rows() const override { return LossOfRows::kMean; }

  /// Empty when there are no validation pictures of the trained classes.
  Metrics evaluate() override {
    if (!validation_) return {};
    Accuracy accuracy = accuracy_on(*model_, *validation_, device_, recipe_.precision);
    right_ = std::move(accuracy.right);
    return std::move(accuracy.metrics);
  }
  const std::vector<bool>& right() const override { return right_; }

  std::string headline() const override { return validation_ ? "top1" : ""; }
  std::map<std::string, std::string> weights_metadata() const override {
    return {{"model", model_spec_.dump()}};
  }

 private:
  /// Uses evaluation mode, so that the batch does not change running statistics. Gradients of the
  /// weights are not computed.
  torch::Tensor input_gradient(const Batch& batch) {
    TORCH_CHECK(inputs_use_weights_,
                "a transform that calls input_gradient sets BatchTransform::uses_gradient");
    const bool was_training = model_->is_training();
    model_->eval();
    const torch::Tensor images = batch.images.detach().clone().requires_grad_();
    const torch::Tensor loss = soft_cross_entropy(model_->forward(images), batch.targets);
    model_->train(was_training);
    return torch::autograd::grad({loss}, {images}).front();
  }

  int64_t seed_;
  Recipe recipe_;
  torch::Device device_;
  Json model_spec_;
  PictureFeed training_;
  std::optional<PictureFeed> validation_;
  std::vector<BatchTransform> batch_transforms_;
  bool inputs_use_weights_ = false;
  Classifier model_;
  std::vector<bool> right_;  ///< pictures of the latest evaluate()
};

/// Checks that the network can start from the weights, whatever its number of classes.
void check_weights(const ExperimentSpec& spec, const std::filesystem::path& weights) {
  start_from(*make_classifier(SpecReader(spec.model, spec.file, "/model"), /*classes=*/1), weights);
}

}  // namespace

std::unique_ptr<Task> make_supervised(SpecReader reader, const TaskContext& context) {
  const SupervisedOptions options = read_options(std::move(reader), context.spec);
  if (context.only_read && !options.weights.empty())
    check_weights(context.spec, context.method.weights_of(options.weights));
  context.end_if_only_read();
  return std::make_unique<Supervised>(with_input(context), options);
}

}  // namespace mra
