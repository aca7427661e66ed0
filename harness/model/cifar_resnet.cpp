#include "harness/model/cifar_resnet.h"

#include <fmt/format.h>

namespace mra {

namespace nn = torch::nn;

namespace {

constexpr int64_t kStages = 3, kWidth = 16;

Convolution conv3(int64_t in, int64_t out, int64_t stride = 1) {
  return Convolution(in, out, 3, stride);
}

class CifarBlockImpl : public nn::Module {
 public:
  CifarBlockImpl(int64_t in, int64_t out, int64_t stride)
      : stride_(stride),
        added_(out - in),
        conv1_(conv3(in, out, stride)),
        bn1_(out),
        conv2_(conv3(out, out)),
        bn2_(out) {
    register_module("conv1", conv1_);
    register_module("bn1", bn1_);
    register_module("conv2", conv2_);
    register_module("bn2", bn2_);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const auto y = bn1_->with_relu(conv1_(x));
    return bn2_->with_relu(conv2_(y), shortcut(x));
  }

 private:
  torch::Tensor shortcut(const torch::Tensor& x) const {
    if (stride_ == 1 && added_ == 0) return x;
    const auto every =
        torch::indexing::Slice(torch::indexing::None, torch::indexing::None, stride_);
    const auto kept = x.index({"...", every, every});
    return torch::constant_pad_nd(kept, {0, 0, 0, 0, added_ / 2, added_ - added_ / 2});
  }

  int64_t stride_, added_;  ///< added_: channels of zeros that the shortcut appends
  Convolution conv1_;
  BatchNorm bn1_;
  Convolution conv2_;
  BatchNorm bn2_;
};
TORCH_MODULE(CifarBlock);

}  // namespace

CifarResNetImpl::CifarResNetImpl(int64_t blocks, int64_t classes) {
  conv1_ = register_module("conv1", conv3(3, kWidth));
  bn1_ = register_module("bn1", BatchNorm(kWidth));
  int64_t in = kWidth;
  for (int64_t stage = 0; stage < kStages; ++stage) {
    const int64_t out = kWidth << stage;
    nn::Sequential layer;
    for (int64_t block = 0; block < blocks; ++block, in = out)
      layer->push_back(CifarBlock(in, out, block == 0 && stage > 0 ? 2 : 1));
    layers_.push_back(register_module(fmt::format("layer{}", stage + 1), layer));
  }
  linear_ = register_module("linear", nn::Linear(in, classes));
  const torch::NoGradGuard no_grad;
  for (const auto& module : modules(/*include_self=*/false)) {
    if (auto* layer = module->as<nn::Conv2dImpl>()) nn::init::kaiming_normal_(layer->weight);
    if (auto* layer = module->as<nn::LinearImpl>()) nn::init::kaiming_normal_(layer->weight);
  }
}

torch::Tensor CifarResNetImpl::features(const torch::Tensor& images, size_t stages) {
  auto x = bn1_->with_relu(conv1_(images));
  for (size_t i = 0; i < stages; ++i) x = layers_[i]->forward(x);
  return x;
}

torch::Tensor CifarResNetImpl::features(const torch::Tensor& images) {
  return features(images, layers_.size());
}

torch::Tensor CifarResNetImpl::head(const torch::Tensor& features) {
  return linear_(features.mean({2, 3}));
}

Classifier make_cifar_resnet20(SpecReader spec, int64_t classes) {
  spec.reject_unread_keys();
  return std::make_shared<CifarResNetImpl>(3, classes);
}

Classifier make_cifar_resnet32(SpecReader spec, int64_t classes) {
  spec.reject_unread_keys();
  return std::make_shared<CifarResNetImpl>(5, classes);
}

}  // namespace mra
