#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/tasks/episode_test.h"
#include "harness/tasks/few_shot_task.h"
#include "harness/train/device.h"
#include "harness/train/metrics.h"

namespace mra {

static FewShotOptions read_options(SpecReader& reader, const Catalog& catalog) {
  constexpr int64_t kMost = 1'000'000;
  FewShotOptions options;
  options.method = reader.deciding("method", catalog.few_shot_methods.names());
  options.method_options = reader.child("method_options", /*may_lack=*/true);
  options.shape.ways = reader.in_range<int64_t>("ways", 5, 2, 1000);
  options.shape.shots = reader.in_range<int64_t>("shot", 1, 1000);
  options.shape.queries = reader.in_range<int64_t>("queries", 16, 1, 1000);
  options.episodes_per_epoch = reader.in_range<int64_t>("episodes_per_epoch", 100, 1, kMost);
  options.validation_episodes = reader.in_range<int64_t>("validation_episodes", 100, 1, kMost);
  return options;
}

FewShotOptions read_few_shot(const TaskContext& context) {
  SpecReader reader = task_options(context.spec);
  FewShotOptions options = read_options(reader, context.catalog);
  reader.reject_unread_keys();
  return options;
}

static std::shared_ptr<FewShotMethod> make_method(const FewShotOptions& options,
                                                  const TaskContext& context, SpecReader method) {
  return context.catalog.few_shot_methods.make(
      options.method, std::move(method),
      {SpecReader(context.spec.model, context.spec.file, "/model"), options.shape.ways,
       context.method.input.size_px});
}

std::shared_ptr<FewShotMethod> make_few_shot_method(const FewShotOptions& options,
                                                    const TaskContext& context) {
  return make_method(options, context, options.method_options);
}

namespace {

/// Learns from episodes of the base classes to classify pictures of new classes (Table 5). The
/// recipe's "batch_size" is the number of episodes per step; their losses are added.
class FewShot : public Task {
 public:
  FewShot(const TaskContext& context, const FewShotOptions& options)
      : options_(options),
        episodes_per_step_(context.spec.recipe.batch_size),
        model_spec_(context.spec.model),
        training_(context, Split::kBase,
                  {.batch_size = episodes_per_step_ * options.shape.pictures(),
                   .sampler = episode_sampler(options.shape),
                   .batches_per_epoch = options.episodes_per_epoch / episodes_per_step_}) {
    check(options.episodes_per_epoch % episodes_per_step_ == 0, ErrorKind::kUsage,
          context.spec.file + ": /recipe/batch_size",
          fmt::format("{} episodes per epoch cannot be divided into steps of {}",
                      options.episodes_per_epoch, episodes_per_step_),
          "give a divisor of \"episodes_per_epoch\"");
    const std::vector<Split> splits = splits_of(context.spec.dataset);
    if (std::count(splits.begin(), splits.end(), Split::kVal) > 0)
      validation_.emplace(context, Split::kVal, options.shape, options.validation_episodes);
    seed_initial_weights(context.seed);
    method_ = make_few_shot_method(options, context);
    use_channels_last(*method_);
    method_->to(context.method.device);
  }

  torch::nn::Module& module() override { return *method_; }
  int64_t steps_per_epoch() const override { return training_.batches(); }
  int64_t images_per_step() const override {
    return episodes_per_step_ * options_.shape.pictures();
  }
  void start_epoch(int64_t epoch, int64_t first_step) override {
    training_.start_training(epoch, first_step);
  }

  /// Returns "episodes": [T,W,k+Q,3,H,W'] f32.
  StepInputs inputs(const Step&) override {
    const Batch batch = training_.next_of_epoch();
    return {{"episodes", batch.images.unflatten(0, {episodes_per_step_, options_.shape.ways,
                                                    options_.shape.of_class()})}};
  }

  /// Episodes that share no features can be learnt from side by side.
  LossOfRows loss_of_rows() const override {
    return method_->compares_features() ? LossOfRows::kNone : LossOfRows::kSum;
  }

  torch::Tensor loss(const Step&, const StepInputs& inputs) override {
    return loss_of_episodes(*method_, inputs.at("episodes"), options_.shape.shots);
  }

  /// Mean accuracy on episodes of the validation classes; empty when there are none.
  Metrics evaluate() override {
    if (!validation_) return {};
    method_->eval();
    return {{headline(), mean(validation_->accuracies(*method_))}};
  }

  std::string headline() const override { return validation_ ? "val_accuracy" : ""; }
  std::map<std::string, std::string> weights_metadata() const override {
    return {{"model", model_spec_.dump()}, {"method", options_.method}};
  }

 private:
  FewShotOptions options_;
  int64_t episodes_per_step_;
  Json model_spec_;
  PictureFeed training_;
  std::optional<EpisodeTest> validation_;
  std::shared_ptr<FewShotMethod> method_;
};

}  // namespace

std::unique_ptr<Task> make_few_shot(SpecReader reader, const TaskContext& context) {
  const FewShotOptions options = read_options(reader, context.catalog);
  read_only(options.method_options,
            [&](SpecReader method) { make_method(options, context, std::move(method)); });
  reader.reject_unread_keys();
  context.end_if_only_read();
  return std::make_unique<FewShot>(with_input(context), options);
}

}  // namespace mra
