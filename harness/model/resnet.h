#pragma once

#include <string>
#include <vector>

#include "harness/model/classifier.h"
#include "harness/model/convolution.h"

namespace mra {

/// A residual network (He et al. 2016) with torchvision's parameter names and initialisation.
struct ResNetOptions {
  std::vector<int64_t> blocks{2, 2, 2, 2};  ///< of each stage; channels double from stage to stage
  bool bottleneck = false;       ///< 1×1, 3×3, 1×1 with the stride on the 3×3; else two 3×3
  int64_t width = 64;            ///< channels of the first stage
  int64_t groups = 1;            ///< of the 3×3 of a bottleneck
  int64_t width_per_group = 64;  ///< of a bottleneck whose stage has 64 channels
  /// "imagenet": 7×7 of stride 2 and 3×3 maximum of stride 2; "conv3_s1", "conv3_s2": one 3×3.
  std::string stem = "imagenet";
  int64_t classes = 1000;
};

/// Shapes: N pictures, C classes.
class ResNetImpl : public ClassifierImpl {
 public:
  explicit ResNetImpl(const ResNetOptions& options);

  torch::Tensor features(const torch::Tensor& images) override;  // of the last stage: [N,D,h,w]
  torch::Tensor head(const torch::Tensor& features) override;    // [N,D,h,w] -> [N,C]

  /// Output of the stem and of the first `stages` stages.
  torch::Tensor features(const torch::Tensor& images, size_t stages);  // -> [N,D,h,w]

 private:
  ResNetOptions options_;
  Convolution conv1_{nullptr};
  torch::nn::BatchNorm2d bn1_{nullptr};
  std::vector<torch::nn::Sequential> layers_;
  torch::nn::Linear fc_{nullptr};
};

}  // namespace mra
