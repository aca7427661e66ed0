#pragma once

#include <string>
#include <vector>

#include "harness/model/batch_norm.h"
#include "harness/model/classifier.h"
#include "harness/model/convolution.h"

namespace mra {

/// A residual network (He et al. 2016) with torchvision's parameter names and initialisation.
struct ResNetOptions {
  std::vector<int64_t> blocks{2, 2, 2, 2};  ///< per stage; channels double from stage to stage
  bool bottleneck = false;       ///< blocks of 1×1, 3×3 (with the stride), 1×1; else of two 3×3
  int64_t width = 64;            ///< channels of the first stage
  int64_t groups = 1;            ///< groups of a bottleneck's 3×3 convolution
  int64_t width_per_group = 64;  ///< channels per group of that 3×3, in a stage of 64 channels
  /// "imagenet": 7×7 and max pooling 3×3, both of stride 2; "conv3_s1", "conv3_s2": one 3×3
  /// convolution of stride 1 or 2.
  std::string stem = "imagenet";
  int64_t classes = 1000;  ///< 0: no last layer; head() returns the means of the last maps
};

/// Shapes: N pictures, C classes.
class ResNetImpl : public ClassifierImpl {
 public:
  explicit ResNetImpl(const ResNetOptions& options);

  torch::Tensor features(const torch::Tensor& images) override;  // last stage's output: [N,D,h,w]
  torch::Tensor head(const torch::Tensor& features) override;    // [N,D,h,w] -> [N,C]

  /// Output of the stem followed by the first `stages` stages.
  torch::Tensor features(const torch::Tensor& images, size_t stages);  // -> [N,D,h,w]

 private:
  ResNetOptions options_;
  Convolution conv1_{nullptr};
  BatchNorm bn1_{nullptr};
  std::vector<torch::nn::Sequential> layers_;
  torch::nn::Linear fc_{nullptr};
};

}  // namespace mra
