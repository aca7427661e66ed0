#include "harness/base/error.h"
#include "harness/model/mae.h"
#include "harness/tasks/picture_feed.h"
#include "harness/train/device.h"

namespace mra {

namespace {

/// Pretrains the augmentor, which learns to predict the pixels of randomly hidden patches.
/// Shapes: N pictures, L patches.
class MaePretrain : public Task {
 public:
  MaePretrain(const TaskContext& context, double hidden_frac)
      : hidden_frac_(hidden_frac),
        seed_(context.seed),
        recipe_(context.spec.recipe),
        device_(context.method.device),
        model_spec_(context.spec.model),
        input_spec_(context.spec.input),
        training_(context, Split::kTrain,
                  {.batch_size = recipe_.batch_size, .drop_last = recipe_.drop_last}),
        validation_(context, Split::kVal, {.batch_size = recipe_.batch_size}) {
    seed_initial_weights(seed_);
    model_ = MaskedAutoencoder(
        read_mae_options(SpecReader(context.spec.model, context.spec.file, "/model")));
    model_->to(device_);
    const int64_t patches = model_->options().patches(), kept = kept_count(patches, hidden_frac_);
    check(kept > 0 && kept < patches, ErrorKind::kUsage,
          context.spec.file + ": /task_options/hidden_frac",
          "leaves no visible patch, or no hidden one", "give a fraction such as 0.4");
    check(model_->options().image_px == context.method.input.size_px, ErrorKind::kUsage,
          context.spec.file + ": /model/image_px", "differs from /input/size_px",
          "give both the same size");
  }

  torch::nn::Module& module() override { return *model_; }
  int64_t steps_per_epoch() const override { return training_.batches(); }
  int64_t images_per_step() const override { return recipe_.batch_size; }
  void start_epoch(int64_t epoch, int64_t first_step) override {
    training_.start_training(epoch, first_step);
  }

  StepInputs inputs(const Step&) override {
    const Batch batch = training_.next_of_epoch();
    return {{"images", batch.images}, {"noise", noise(batch)}};
  }

  torch::Tensor loss(const Step&, const StepInputs& inputs) override {
    return model_->loss(inputs.at("images"), inputs.at("noise"), hidden_frac_);
  }

  LossOfRows loss_of_rows() const override { return LossOfRows::kMean; }

  /// Mean squared error on the hidden patches of the validation pictures. Every evaluation hides
  /// the same patches.
  Metrics evaluate() override {
    const torch::InferenceMode inference;
    model_->eval();
    double sum = 0;
    int64_t pictures = 0;
    validation_.start_evaluation();
    for (Batch batch; validation_.next(batch);) {
      const AutocastScope autocast(device_, recipe_.precision);
      const auto loss = model_->loss(batch.images, noise(batch), hidden_frac_);
      sum += loss.item<double>() * double(batch.images.size(0));
      pictures += batch.images.size(0);
    }
    return {{"reconstruction_mse", sum / double(pictures)}};
  }

  std::map<std::string, std::string> weights_metadata() const override {
    auto metadata = augmentor_metadata(model_spec_, hidden_frac_);
    metadata["input"] = input_spec_.dump();  // it knows only pictures normalised like this
    return metadata;
  }

 private:
  /// Draws uniform noise for every patch from the random stream of its picture: [N,L] f32.
  torch::Tensor noise(const Batch& batch) const {
    const int64_t pictures = batch.indices.size(0), patches = model_->options().patches();
    auto noise = torch::empty({pictures, patches}, torch::kFloat32);
    float* value = noise.data_ptr<float>();
    const int64_t* index = batch.indices.data_ptr<int64_t>();
    const int64_t* draw = batch.draws.data_ptr<int64_t>();
    for (int64_t n = 0; n < pictures; ++n) {
      Rng rng({.seed = uint64_t(seed_),
               .epoch = uint32_t(draw[n]),
               .index = uint64_t(index[n]),
               .purpose = Purpose::kHiding});
      for (int64_t patch = 0; patch < patches; ++patch) *value++ = float(rng.uniform());
    }
    return uploaded(noise, device_);
  }

  double hidden_frac_;
  int64_t seed_;
  Recipe recipe_;
  torch::Device device_;
  Json model_spec_, input_spec_;
  PictureFeed training_, validation_;
  MaskedAutoencoder model_{nullptr};
};

}  // namespace

std::unique_ptr<Task> make_mae_pretrain(SpecReader options, const TaskContext& context) {
  const double hidden_frac = options.in_range("hidden_frac", 0.0, 1.0);
  options.reject_unread_keys();
  context.end_if_only_read();
  return std::make_unique<MaePretrain>(with_input(context), hidden_frac);
}

}  // namespace mra
