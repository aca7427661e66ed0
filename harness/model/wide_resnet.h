#pragma once

#include <vector>

#include "harness/model/classifier.h"

namespace mra {

/// A wide residual network (Zagoruyko and Komodakis 2016) as in TorchSSL, with its parameter names,
/// initialisation and quirks. Every convolution has a bias.
struct WideResNetOptions {
  int64_t depth = 28;        ///< (depth − 4) / 6 blocks in each group
  int64_t widen = 2;         ///< the groups have 16·widen, 32·widen, … channels
  int64_t groups = 4;        ///< TorchSSL has 4 for STL-10, 3 for smaller pictures
  int64_t first_stride = 2;  ///< stride of group 1; TorchSSL has 1 for smaller pictures
  bool fix_preact = false;   ///< see WideResNetImpl
  int64_t classes = 10;
};

/// Shapes: N pictures, C classes, D = 16·widen·2^(groups−1).
/// A block adds conv2(act(bn2(conv1(act(bn1(x)))))) to its input. In the first block of group 1,
/// the shortcut also starts from act(bn1(x)). In the first block of every later group, TorchSSL
/// computes act(bn1(x)) but does not use it: both branches start from x, and that bn1 never gets a
/// gradient. With `fix_preact`, the first convolution of these blocks uses it.
class WideResNetImpl : public ClassifierImpl {
 public:
  explicit WideResNetImpl(const WideResNetOptions& options);

  torch::Tensor features(const torch::Tensor& images) override;  // of the last bn: [N,D,h,w]
  torch::Tensor head(const torch::Tensor& features) override;    // [N,D,h,w] -> [N,C]

  /// Output of the stem followed by the first `groups` groups.
  torch::Tensor features(const torch::Tensor& images, size_t groups);  // -> [N,D,h,w]

 private:
  torch::nn::Conv2d conv1_{nullptr};
  std::vector<torch::nn::Sequential> groups_;
  torch::nn::BatchNorm2d bn1_{nullptr};
  torch::nn::Linear fc_{nullptr};
};

}  // namespace mra
