#pragma once

#include <vector>

#include "harness/model/batch_norm.h"
#include "harness/model/classifier.h"
#include "harness/model/convolution.h"

namespace mra {

/// The residual network for CIFAR pictures (He et al. 2016, 4.2): three stages of 16, 32 and 64
/// channels. Shortcuts have no parameters: where the size changes, they take every second pixel and
/// pad the new channels with zeros (option A).
class CifarResNetImpl : public ClassifierImpl {
 public:
  /// `blocks` in each stage: the network has 6·blocks + 2 layers.
  CifarResNetImpl(int64_t blocks, int64_t classes);

  torch::Tensor features(const torch::Tensor& images) override;  // last stage's output: [N,64,h,w]
  torch::Tensor head(const torch::Tensor& features) override;    // [N,64,h,w] -> [N,C]

  /// Output of the stem followed by the first `stages` stages.
  torch::Tensor features(const torch::Tensor& images, size_t stages);  // -> [N,D,h,w]

 private:
  Convolution conv1_{nullptr};
  BatchNorm bn1_{nullptr};
  std::vector<torch::nn::Sequential> layers_;
  torch::nn::Linear linear_{nullptr};
};

}  // namespace mra
