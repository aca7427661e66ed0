#include "harness/model/resnet.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

namespace nn = torch::nn;

namespace {

/// The shortcut of a block: a 1×1 projection where size or channels change, else null.
nn::Sequential projection(int64_t in, int64_t out, int64_t stride) {
  if (in == out && stride == 1) return nullptr;
  return nn::Sequential(Convolution(in, out, 1, stride), BatchNorm(out));
}

class BasicBlockImpl : public nn::Module {
 public:
  BasicBlockImpl(int64_t in, int64_t out, int64_t stride)
      : conv1_(Convolution(in, out, 3, stride)),
        bn1_(out),
        conv2_(Convolution(out, out, 3)),
        bn2_(out),
        downsample_(projection(in, out, stride)) {
    register_module("conv1", conv1_);
    register_module("bn1", bn1_);
    register_module("conv2", conv2_);
    register_module("bn2", bn2_);
    if (downsample_) register_module("downsample", downsample_);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const auto y = bn1_->with_relu(conv1_(x));
    return bn2_->with_relu(conv2_(y), downsample_ ? downsample_->forward(x) : x);
  }

 private:
  Convolution conv1_;
  BatchNorm bn1_;
  Convolution conv2_;
  BatchNorm bn2_;
  nn::Sequential downsample_;
};
TORCH_MODULE(BasicBlock);

class BottleneckImpl : public nn::Module {
 public:
  BottleneckImpl(int64_t in, int64_t middle, int64_t out, int64_t stride, int64_t groups)
      : conv1_(Convolution(in, middle, 1)),
        bn1_(middle),
        conv2_(Convolution(middle, middle, 3, stride, groups)),
        bn2_(middle),
        conv3_(Convolution(middle, out, 1)),
        bn3_(out),
        downsample_(projection(in, out, stride)) {
    register_module("conv1", conv1_);
    register_module("bn1", bn1_);
    register_module("conv2", conv2_);
    register_module("bn2", bn2_);
    register_module("conv3", conv3_);
    register_module("bn3", bn3_);
    if (downsample_) register_module("downsample", downsample_);
  }

  torch::Tensor forward(const torch::Tensor& x) {
    auto y = bn1_->with_relu(conv1_(x));
    y = bn2_->with_relu(conv2_(y));
    return bn3_->with_relu(conv3_(y), downsample_ ? downsample_->forward(x) : x);
  }

 private:
  Convolution conv1_;
  BatchNorm bn1_;
  Convolution conv2_;
  BatchNorm bn2_;
  Convolution conv3_;
  BatchNorm bn3_;
  nn::Sequential downsample_;
};
TORCH_MODULE(Bottleneck);

constexpr int64_t kExpansion = 4;  // output channels of a bottleneck / channels of its stage

/// Channels of a bottleneck's 3×3 convolution in a stage of `channels`.
int64_t middle_of(const ResNetOptions& options, int64_t channels) {
  return channels * options.width_per_group / 64 * options.groups;
}

/// One stage of `blocks` blocks. `in`: its input channels; set to its output channels on return.
nn::Sequential stage(const ResNetOptions& options, int64_t& in, int64_t channels, int64_t blocks,
                     int64_t first_stride) {
  nn::Sequential stage;
  for (int64_t block = 0; block < blocks; ++block) {
    const int64_t stride = block == 0 ? first_stride : 1;
    const int64_t out = options.bottleneck ? channels * kExpansion : channels;
    if (options.bottleneck)
      stage->push_back(Bottleneck(in, middle_of(options, channels), out, stride, options.groups));
    else
      stage->push_back(BasicBlock(in, out, stride));
    in = out;
  }
  return stage;
}

Convolution stem(const ResNetOptions& options) {
  if (options.stem == "imagenet") return Convolution(3, options.width, 7, 2);
  return Convolution(3, options.width, 3, options.stem == "conv3_s2" ? 2 : 1);
}

/// torchvision's initialisation: convolutions Kaiming-normal by fan-out, the rest as in LibTorch.
void initialise(nn::Module& model) {
  const torch::NoGradGuard no_grad;
  for (const auto& module : model.modules(/*include_self=*/false))
    if (auto* layer = module->as<nn::Conv2dImpl>())
      nn::init::kaiming_normal_(layer->weight, 0, torch::kFanOut, torch::kReLU);
}

}  // namespace

ResNetImpl::ResNetImpl(const ResNetOptions& options) : options_(options) {
  conv1_ = register_module("conv1", stem(options));
  bn1_ = register_module("bn1", BatchNorm(options.width));
  int64_t in = options.width, channels = options.width;
  for (size_t i = 0; i < options.blocks.size(); ++i, channels *= 2) {
    layers_.push_back(stage(options, in, channels, options.blocks[i], i == 0 ? 1 : 2));
    register_module(fmt::format("layer{}", i + 1), layers_.back());
  }
  if (options.classes > 0) fc_ = register_module("fc", nn::Linear(in, options.classes));
  initialise(*this);
}

torch::Tensor ResNetImpl::features(const torch::Tensor& images, size_t stages) {
  auto x = bn1_->with_relu(conv1_(images));
  if (options_.stem == "imagenet") x = torch::max_pool2d(x, 3, 2, 1);
  for (size_t i = 0; i < stages; ++i) x = layers_[i]->forward(x);
  return x;
}

torch::Tensor ResNetImpl::features(const torch::Tensor& images) {
  return features(images, layers_.size());
}

torch::Tensor ResNetImpl::head(const torch::Tensor& features) {
  const auto pooled = features.mean({2, 3});
  return fc_ ? fc_(pooled) : pooled;
}

/// Makes a named network, changed by the spec. Throws an Error for an option that is out of range.
static Classifier make_resnet(SpecReader spec, ResNetOptions options, int64_t classes) {
  options.classes = classes;
  options.width = spec.in_range<int64_t>("width", options.width, 1, 4096);
  check(middle_of(options, options.width) > 0, ErrorKind::kUsage, spec.where("width"),
        fmt::format("is too narrow for {} groups", options.groups),
        fmt::format("give at least {}", 64 / options.width_per_group));
  options.stem = spec.one_of("stem", options.stem, {"imagenet", "conv3_s1", "conv3_s2"});
  options.blocks = spec.optional("blocks", options.blocks);
  check(!options.blocks.empty() && options.blocks.size() <= 6, ErrorKind::kUsage,
        spec.where("blocks"), "expected one to six stages", "write [2, 2, 2, 2]");
  for (const int64_t count : options.blocks)
    check(count >= 1 && count <= 100, ErrorKind::kUsage, spec.where("blocks"),
          "expected 1 to 100 blocks in each stage", "write [2, 2, 2, 2]");
  spec.reject_unread_keys();
  return std::make_shared<ResNetImpl>(options);
}

Classifier make_resnet18(SpecReader spec, int64_t classes) {
  return make_resnet(std::move(spec), {}, classes);
}

Classifier make_resnet34(SpecReader spec, int64_t classes) {
  return make_resnet(std::move(spec), {.blocks = {3, 4, 6, 3}}, classes);
}

Classifier make_resnet50(SpecReader spec, int64_t classes) {
  return make_resnet(std::move(spec), {.blocks = {3, 4, 6, 3}, .bottleneck = true}, classes);
}

Classifier make_resnext50_32x4d(SpecReader spec, int64_t classes) {
  return make_resnet(
      std::move(spec),
      {.blocks = {3, 4, 6, 3}, .bottleneck = true, .groups = 32, .width_per_group = 4}, classes);
}

/// Sets the bias of the last layer to 0, as in CloserLookFewShot's networks.
static Classifier without_bias_at_first(Classifier network) {
  const torch::NoGradGuard no_grad;
  for (auto& parameter : network->named_parameters())
    if (parameter.key() == "fc.bias") parameter.value().zero_();
  return network;
}

Classifier make_few_shot_resnet18(SpecReader spec, int64_t classes) {
  return without_bias_at_first(make_resnet18(std::move(spec), classes));
}

Classifier make_few_shot_resnet34(SpecReader spec, int64_t classes) {
  return without_bias_at_first(make_resnet34(std::move(spec), classes));
}

}  // namespace mra
