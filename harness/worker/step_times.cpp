#include "harness/worker/step_times.h"

#include <c10/core/CachingDeviceAllocator.h>

#include "baselines/augment/mra_augment.h"
#include "harness/base/error.h"
#include "harness/base/stopwatch.h"
#include "harness/model/classifier.h"
#include "harness/model/state_dict.h"
#include "harness/train/determinism.h"
#include "harness/train/device.h"
#include "harness/train/loss.h"
#include "harness/train/optimizer.h"
#include "harness/train/tensor_batch.h"

namespace mra {

namespace {

constexpr int64_t kBatches = 4, kClasses = 1000, kWarmupSteps = 10;

Recipe recipe_of(const StepTimesRequest& request) {
  Recipe recipe;
  recipe.momentum = 0.9;
  recipe.nesterov = true;
  recipe.weight_decay = 6e-5;
  if (request.work != "pretrain") return recipe;
  recipe.optimizer = "adamw";
  recipe.beta2 = 0.95;
  recipe.weight_decay = 0.05;
  recipe.decay_on = "matrices";
  return recipe;
}

/// The networks of a request, and the batches that it uses in turn.
class Steps {
 public:
  Steps(const StepTimesRequest& request, torch::Device device)
      : request_(request), device_(device), maker_(input_of(request), kClasses, device) {
    torch::manual_seed(7);
    const int64_t n = request.batch_size, px = request.size_px;
    for (int64_t i = 0; i < kBatches; ++i) {
      pixels_.push_back(torch::randint(256, {n, px, px, 3}, torch::kUInt8).to(device));
      labels_.push_back(
          one_hot_targets(torch::randint(kClasses, {n}, torch::kInt64), kClasses).to(device));
    }
    if (!request.augmentor.is_null()) {
      const MaeOptions sizes = read_mae_options(SpecReader(request.augmentor, "augmentor"));
      noise_ = torch::rand({n, sizes.patches()}).to(device);
      augmentor_ = MaskedAutoencoder(sizes);
      augmentor_->to(device);
    }
    if (request.work != "pretrain") {
      classifier_ = make_classifier(SpecReader(request.model, "model"), kClasses);
      use_channels_last(*classifier_);
      classifier_->to(device);
    }
    optimizer_.emplace(trained(), recipe_of(request));
  }

  torch::nn::Module& trained() {
    if (classifier_) return *classifier_;
    check(bool(augmentor_), ErrorKind::kUsage, "--augmentor", "is needed for pretraining",
          "give the model of the augmentor");
    return *augmentor_;
  }

  /// Does one whole step and returns its loss, a scalar on the device.
  torch::Tensor step() {
    const auto i = size_t(done_++ % kBatches);
    const torch::Tensor images = maker_.normalised(pixels_[i]);
    const torch::Tensor loss = classifier_ ? classify(images, labels_[i]) : pretrain(images);
    optimizer_->step(request_.work == "pretrain" ? 1e-4 : 0.01);
    optimizer_->zero_grad();
    return loss;
  }

 private:
  static InputOptions input_of(const StepTimesRequest& request) {
    InputOptions input;
    input.size_px = int(request.size_px);
    return input;
  }

  torch::Tensor classify(torch::Tensor images, const torch::Tensor& targets) {
    torch::Tensor loss;
    {
      const AutocastScope precision(device_, request_.precision);
      if (request_.work == "mra")
        images = mra_augment(augmentor_, images, MraOptions())
                     .output.contiguous(torch::MemoryFormat::ChannelsLast);
      loss = soft_cross_entropy(classifier_->forward(images), targets);
    }
    loss.backward();
    return loss.detach();
  }

  /// The gradients of the slices add up to that of the batch.
  torch::Tensor pretrain(const torch::Tensor& images) {
    const int64_t n = images.size(0), slice = request_.micro_batch > 0 ? request_.micro_batch : n;
    torch::Tensor sum = torch::zeros({}, device_);
    for (int64_t first = 0; first < n; first += slice) {
      const int64_t count = std::min(slice, n - first);
      torch::Tensor loss;
      {
        const AutocastScope precision(device_, request_.precision);
        loss = augmentor_->loss(images.narrow(0, first, count), noise_.narrow(0, first, count),
                                /*hidden_frac=*/0.4) *
               (double(count) / double(n));
      }
      loss.backward();
      sum += loss.detach();
    }
    return sum;
  }

  const StepTimesRequest& request_;
  torch::Device device_;
  BatchMaker maker_;
  std::vector<torch::Tensor> pixels_;  // [N,px,px,3] u8
  std::vector<torch::Tensor> labels_;  // [N,C] f32
  torch::Tensor noise_;                // [N,L] f32
  MaskedAutoencoder augmentor_{nullptr};
  Classifier classifier_;
  std::optional<Optimizer> optimizer_;
  int64_t done_ = 0;
};

int64_t peak_memory_bytes(torch::Device device) {
  if (device.is_cpu()) return 0;
  const auto stats = c10::getDeviceAllocator(device.type())->getDeviceStats(device.index());
  return stats.allocated_bytes[size_t(c10::CachingAllocator::StatType::AGGREGATE)].peak;
}

}  // namespace

Json step_times(const StepTimesRequest& request) {
  const torch::Device device = select_device(request.device);
  choose_kernels(request.determinism, request.precision);
  Steps steps(request, device);
  if (!request.save.empty()) write_weights(request.save, state_dict(steps.trained()));
  std::vector<torch::Tensor> losses;
  for (int64_t i = 0; i < kWarmupSteps; ++i) losses.push_back(steps.step());
  synchronize(device);
  Json rates = Json::array();
  for (int64_t window = 0; window < request.windows; ++window) {
    const Stopwatch watch;
    for (int64_t i = 0; i < request.window_steps; ++i) steps.step();
    synchronize(device);
    rates.push_back(double(request.window_steps * request.batch_size) / watch.elapsed_s());
  }
  Json first_losses = Json::array();
  for (const torch::Tensor& loss : losses) first_losses.push_back(loss.item<double>());
  return {{"images_per_s", rates},
          {"losses", first_losses},
          {"peak_memory_bytes", peak_memory_bytes(device)},
          {"device", describe_device(device)}};
}

}  // namespace mra
