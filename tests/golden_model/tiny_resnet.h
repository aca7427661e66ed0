#pragma once

#include "harness/model/classifier.h"

namespace mra {

/// The small residual network of the golden cases; names as in torchvision.
class TinyBlockImpl : public torch::nn::Module {
 public:
  TinyBlockImpl(int64_t in, int64_t out, int64_t stride) {
    conv1 = register_module("conv1", conv(in, out, 3, stride));
    bn1 = register_module("bn1", torch::nn::BatchNorm2d(out));
    conv2 = register_module("conv2", conv(out, out, 3, 1));
    bn2 = register_module("bn2", torch::nn::BatchNorm2d(out));
    if (stride != 1 || in != out)
      downsample = register_module(
          "downsample",
          torch::nn::Sequential(conv(in, out, 1, stride), torch::nn::BatchNorm2d(out)));
  }
  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = bn2(conv2(torch::relu(bn1(conv1(x)))));
    return torch::relu(y + (downsample ? downsample->forward(x) : x));
  }
  static torch::nn::Conv2d conv(int64_t in, int64_t out, int64_t size, int64_t stride) {
    return torch::nn::Conv2d(
        torch::nn::Conv2dOptions(in, out, size).stride(stride).padding(size / 2).bias(false));
  }

 private:
  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr}, bn2{nullptr};
  torch::nn::Sequential downsample{nullptr};
};
TORCH_MODULE(TinyBlock);

class TinyResnetImpl : public ClassifierImpl {
 public:
  explicit TinyResnetImpl(int64_t classes) {
    conv1 = register_module("conv1", TinyBlockImpl::conv(3, 8, 3, 1));
    bn1 = register_module("bn1", torch::nn::BatchNorm2d(8));
    layer1 = register_module("layer1", torch::nn::Sequential(TinyBlock(8, 8, 1)));
    layer2 = register_module("layer2", torch::nn::Sequential(TinyBlock(8, 16, 2)));
    fc = register_module("fc", torch::nn::Linear(16, classes));
  }
  torch::Tensor features(const torch::Tensor& images) override {
    return layer2->forward(layer1->forward(torch::relu(bn1(conv1(images)))));
  }
  torch::Tensor head(const torch::Tensor& features) override { return fc(features.mean({2, 3})); }

 private:
  torch::nn::Conv2d conv1{nullptr};
  torch::nn::BatchNorm2d bn1{nullptr};
  torch::nn::Sequential layer1{nullptr}, layer2{nullptr};
  torch::nn::Linear fc{nullptr};
};
TORCH_MODULE(TinyResnet);

}  // namespace mra
