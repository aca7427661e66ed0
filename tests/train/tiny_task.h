#pragma once

#include <functional>
#include <limits>
#include <utility>

#include <torch/torch.h>

#include "harness/base/rng.h"
#include "harness/train/loss.h"
#include "harness/train/metrics.h"
#include "harness/train/task.h"

namespace mra {

/// A network with everything a resume must bring back: batch norm, a 1×1 and a 3×3 convolution.
class TinyNetImpl : public torch::nn::Module {
 public:
  TinyNetImpl() {
    conv1 = register_module("conv1", torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 4, 3)));
    bn1 = register_module("bn1", torch::nn::BatchNorm2d(4));
    conv2 = register_module("conv2", torch::nn::Conv2d(torch::nn::Conv2dOptions(4, 6, 1)));
    fc = register_module("fc", torch::nn::Linear(6, 3));
    const torch::NoGradGuard no_grad;
    Rng rng({.seed = 1, .purpose = Purpose::kInitWeights});
    for (torch::Tensor& parameter : parameters())
      for (int64_t i = 0; i < parameter.numel(); ++i) parameter.view(-1)[i] = 0.5 * rng.normal();
  }
  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = conv2(torch::relu(bn1(conv1(x))));
    return fc(torch::relu(y).mean({2, 3}));
  }
  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr};
  torch::nn::Linear fc{nullptr};
};
TORCH_MODULE(TinyNet);

/// Batches of noise from keyed streams: those of a step are the same in every attempt.
class TinyTask : public Task {
 public:
  static constexpr int64_t kSteps = 5, kBatch = 8, kPixels = 6;

  torch::nn::Module& module() override { return *net; }
  int64_t steps_per_epoch() const override { return kSteps; }
  int64_t images_per_step() const override { return kBatch; }
  void start_epoch(int64_t epoch, int64_t first_step) override {
    expected = {epoch, first_step, epoch * kSteps + first_step};
  }
  StepInputs inputs(const Step& step) override {
    in_order = in_order && step.epoch == expected.epoch && step.step == expected.step &&
               step.step_in_epoch == expected.step_in_epoch;
    ++expected.step_in_epoch;
    ++expected.step;
    const auto [images, labels] = batch(uint32_t(step.epoch), uint64_t(step.step));
    return {{"images", images}, {"targets", one_hot_targets(labels, 3)}};
  }
  torch::Tensor loss(const Step& step, const StepInputs& inputs) override {
    torch::Tensor result = soft_cross_entropy(net(inputs.at("images")), inputs.at("targets"));
    seen = torch::stack({result.detach(), torch::ones({})});
    if (step.step == diverge_at) result = result * std::numeric_limits<double>::quiet_NaN();
    return result;
  }
  std::map<std::string, torch::Tensor> observed() const override { return {{"seen_loss", seen}}; }
  std::string headline() const override { return "top1"; }
  const std::vector<bool>& right() const override { return right_; }
  void after_step(const Step& step) override {
    if (on_step) on_step(step);
  }
  Metrics evaluate() override {
    const auto [images, labels] = batch(999, 0);
    const torch::Tensor logits = net(images);
    TopK accuracy;
    accuracy.add(logits, labels);
    const torch::Tensor rank = label_rank(logits, labels);
    right_.clear();
    for (int64_t i = 0; i < rank.size(0); ++i) right_.push_back(rank[i].item<int64_t>() == 0);
    Metrics metrics = accuracy.metrics();
    metrics["loss"] = soft_cross_entropy(logits, one_hot_targets(labels, 3)).item<double>();
    return metrics;
  }

  TinyNet net;
  int64_t diverge_at = -1;
  bool in_order = true;
  torch::Tensor seen;
  std::function<void(const Step&)> on_step;

 private:
  static std::pair<torch::Tensor, torch::Tensor> batch(uint32_t epoch, uint64_t index) {
    Rng rng({.seed = 3, .epoch = epoch, .index = index, .purpose = Purpose::kBatch});
    torch::Tensor images = torch::empty({kBatch, 3, kPixels, kPixels});
    torch::Tensor labels = torch::empty({kBatch}, torch::kInt64);
    for (int64_t i = 0; i < images.numel(); ++i) images.data_ptr<float>()[i] = float(rng.normal());
    for (int64_t i = 0; i < kBatch; ++i) {
      labels[i] = int64_t(rng.below(3));
      images[i] += labels[i];
    }
    return {images, labels};
  }

  Step expected;
  std::vector<bool> right_;
};

}  // namespace mra
