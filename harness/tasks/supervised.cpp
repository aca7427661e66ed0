#include "harness/model/classifier.h"
#include "harness/tasks/picture_feed.h"
#include "harness/train/device.h"
#include "harness/train/loss.h"
#include "harness/train/metrics.h"

namespace mra {

namespace {

/// "sampler": each picture with the same chance, or each class.
MakeSampler read_sampler(const ExperimentSpec& spec) {
  SpecReader options(spec.task_options, spec.file, "/task_options");
  const std::string name = options.one_of("sampler", "instance", {"instance", "class"});
  options.reject_unread_keys();
  return name == "class" ? classes_in_turn : every_picture;
}

/// Learns to name pictures: Tables 1, 2, 6–9 of the paper.
class Supervised : public Task {
 public:
  explicit Supervised(const TaskContext& context)
      : seed_(context.seed),
        recipe_(context.spec.recipe),
        device_(context.method.device),
        training_(context, Split::kTrain, recipe_.batch_size, recipe_.drop_last,
                  read_sampler(context.spec)),
        validation_(context, Split::kVal, kEvaluationBatch, false) {
    MethodContext method = context.method;
    method.input_gradient = [this](const Batch& batch) { return input_gradient(batch); };
    for (const NamedOptions& entry : context.spec.batch_transforms)
      batch_transforms_.push_back(context.catalog.batch_transforms.make(
          entry.name, SpecReader(entry.options, context.spec.file, entry.pointer), method));
    seed_initial_weights(seed_);
    model_ = make_classifier(SpecReader(context.spec.model, context.spec.file, "/model"),
                             training_.classes());
    use_channels_last(*model_);
    model_->to(device_);
  }

  torch::nn::Module& module() override { return *model_; }
  int64_t steps_per_epoch() const override { return training_.batches(); }
  int64_t images_per_step() const override { return recipe_.batch_size; }
  void start_epoch(int64_t epoch, int64_t first_step) override {
    training_.start_training(epoch, first_step);
  }

  torch::Tensor loss(const Step& step) override {
    Batch batch;
    TORCH_CHECK(training_.next(batch), "the epoch has fewer batches than steps");
    Rng rng({.seed = uint64_t(seed_),
             .epoch = uint32_t(step.epoch),
             .index = uint64_t(step.step_in_epoch),
             .purpose = Purpose::kBatch});
    for (const BatchTransform& transform : batch_transforms_)
      batch = transform(std::move(batch), rng);
    model_->train();
    latest_ = batch;
    return soft_cross_entropy(model_->forward(batch.images),
                              smooth_targets(batch.targets, recipe_.label_smoothing));
  }

  std::map<std::string, torch::Tensor> latest_inputs() const override {
    return {{"images", latest_.images}, {"targets", latest_.targets}};
  }

  Metrics evaluate() override {
    const torch::InferenceMode inference;
    model_->eval();
    TopK accuracy;
    validation_.start_evaluation();
    for (Batch batch; validation_.next(batch);) {
      const AutocastScope autocast(device_, recipe_.precision);
      accuracy.add(model_->forward(batch.images).to(torch::kFloat32), batch.targets.argmax(1));
    }
    return accuracy.metrics();
  }

 private:
  /// In evaluation mode, so that the batch leaves no trace in running statistics. Gradients of
  /// weights are not even computed.
  torch::Tensor input_gradient(const Batch& batch) {
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
  PictureFeed training_, validation_;
  std::vector<BatchTransform> batch_transforms_;
  Classifier model_;
  Batch latest_;  ///< what the network was last fed, after all transforms
};

}  // namespace

std::unique_ptr<Task> make_supervised(const TaskContext& context) {
  return std::make_unique<Supervised>(with_input(context));
}

}  // namespace mra
