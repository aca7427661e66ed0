#include "harness/model/wide_resnet.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

namespace nn = torch::nn;

namespace {

torch::Tensor act(const torch::Tensor& x) {
  return torch::leaky_relu(x, 0.1);
}

/// A convolution with a bias, unlike Convolution. With stride 2 it has 16 or more input channels,
/// so the wrong kernel that Convolution avoids is not used.
nn::Conv2d conv(int64_t in, int64_t out, int64_t side_px, int64_t stride = 1) {
  return nn::Conv2d(nn::Conv2dOptions(in, out, side_px).stride(stride).padding(side_px / 2));
}

nn::BatchNorm2d batch_norm(int64_t channels) {
  return nn::BatchNorm2d(nn::BatchNorm2dOptions(channels).eps(1e-3).momentum(1e-3));
}

/// The input of the two branches of a block.
enum class Preact {
  kOfBranch,  ///< the residual branch from act(bn1(x)), the shortcut from x
  kOfBoth,    ///< both from act(bn1(x))
  kUnused     ///< both from x
};

class WideBlockImpl : public nn::Module {
 public:
  WideBlockImpl(int64_t in, int64_t out, int64_t stride, Preact preact)
      : preact_(preact),
        bn1_(batch_norm(in)),
        conv1_(conv(in, out, 3, stride)),
        bn2_(batch_norm(out)),
        conv2_(conv(out, out, 3)) {
    register_module("bn1", bn1_);
    register_module("conv1", conv1_);
    register_module("bn2", bn2_);
    register_module("conv2", conv2_);
    if (in != out) shortcut_ = register_module("convShortcut", conv(in, out, 1, stride));
  }

  torch::Tensor forward(const torch::Tensor& x) {
    const auto activated = act(bn1_(x));  // when unused, it still updates the running statistics
    const auto& branch = preact_ == Preact::kUnused ? x : activated;
    const auto& kept = preact_ == Preact::kOfBoth ? activated : x;
    const auto y = conv2_(act(bn2_(conv1_(branch))));
    return y + (shortcut_ ? shortcut_(kept) : kept);
  }

 private:
  Preact preact_;
  nn::BatchNorm2d bn1_;
  nn::Conv2d conv1_;
  nn::BatchNorm2d bn2_;
  nn::Conv2d conv2_;
  nn::Conv2d shortcut_{nullptr};
};
TORCH_MODULE(WideBlock);

nn::Sequential group(int64_t in, int64_t out, int64_t blocks, int64_t stride, Preact of_first) {
  nn::Sequential group;
  for (int64_t block = 0; block < blocks; ++block)
    group->push_back(block == 0 ? WideBlock(in, out, stride, of_first)
                                : WideBlock(out, out, 1, Preact::kOfBranch));
  return group;
}

void initialise_wide(nn::Module& model) {
  const torch::NoGradGuard no_grad;
  for (const auto& module : model.modules(/*include_self=*/false)) {
    if (auto* layer = module->as<nn::Conv2dImpl>())
      nn::init::kaiming_normal_(layer->weight, 0, torch::kFanOut, torch::kLeakyReLU);
    if (auto* layer = module->as<nn::LinearImpl>()) {
      nn::init::xavier_normal_(layer->weight);
      layer->bias.zero_();
    }
  }
}

}  // namespace

WideResNetImpl::WideResNetImpl(const WideResNetOptions& options) {
  constexpr int64_t kStem = 16;
  conv1_ = register_module("conv1", conv(3, kStem, 3));
  int64_t in = kStem;
  for (int64_t i = 0; i < options.groups; ++i) {
    const int64_t out = kStem * options.widen << i;
    const Preact later = options.fix_preact ? Preact::kOfBranch : Preact::kUnused;
    const Preact of_first = i == 0 ? Preact::kOfBoth : later;
    const int64_t stride = i == 0 ? options.first_stride : 2;
    groups_.push_back(group(in, out, (options.depth - 4) / 6, stride, of_first));
    // TorchSSL's names: the blocks of group 1 are block1.layer.0, block1.layer.1, …
    const auto named =
        register_module(fmt::format("block{}", i + 1), std::make_shared<nn::Module>());
    named->register_module("layer", groups_.back());
    in = out;
  }
  bn1_ = register_module("bn1", batch_norm(in));
  fc_ = register_module("fc", nn::Linear(in, options.classes));
  initialise_wide(*this);
}

torch::Tensor WideResNetImpl::features(const torch::Tensor& images, size_t groups) {
  auto x = conv1_(images);
  for (size_t i = 0; i < groups; ++i) x = groups_[i]->forward(x);
  return x;
}

torch::Tensor WideResNetImpl::features(const torch::Tensor& images) {
  return act(bn1_(features(images, groups_.size())));
}

torch::Tensor WideResNetImpl::head(const torch::Tensor& features) {
  return fc_(features.mean({2, 3}));
}

Classifier make_wide_resnet(SpecReader spec, int64_t classes) {
  WideResNetOptions options;
  options.classes = classes;
  options.depth = spec.in_range<int64_t>("depth", options.depth, 10, 1000);
  check((options.depth - 4) % 6 == 0, ErrorKind::kUsage, spec.where("depth"),
        fmt::format("{} layers cannot be divided into blocks", options.depth),
        "give 4 more than a multiple of 6: 10, 16, 22, 28, …");
  options.widen = spec.in_range<int64_t>("widen", options.widen, 2, 64);
  options.groups = spec.in_range<int64_t>("groups", options.groups, 1, 6);
  options.first_stride = spec.in_range<int64_t>("first_stride", options.first_stride, 1, 2);
  options.fix_preact = spec.optional("fix_preact", options.fix_preact);
  spec.reject_unread_keys();
  return std::make_shared<WideResNetImpl>(options);
}

}  // namespace mra
