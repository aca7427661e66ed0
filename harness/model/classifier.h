#pragma once

#include <string>
#include <vector>

#include <torch/torch.h>

#include "harness/base/registry.h"
#include "harness/spec/spec_reader.h"

namespace mra {

/// A network from pictures to class scores (logits). Parameter names are torchvision's.
class ClassifierImpl : public torch::nn::Module {
 public:
  virtual torch::Tensor features(const torch::Tensor& images) = 0;  // [N,3,H,W] f32 -> [N,D,h,w]
  virtual torch::Tensor head(const torch::Tensor& features) = 0;    // [N,D,h,w] -> logits [N,C]

  torch::Tensor forward(const torch::Tensor& images) { return head(features(images)); }  // -> [N,C]
};
using Classifier = std::shared_ptr<ClassifierImpl>;

/// Makes the classifier for the "model" object of a spec, {"name": "resnet50", …}. The names are in
/// models.def. Throws an Error for an unknown name or option. `classes`: 0 makes a resnet without
/// its last layer.
Classifier make_classifier(SpecReader options, int64_t classes);

/// Returns the factories by name.
const Registry<Classifier(SpecReader options, int64_t classes)>& classifiers();

}  // namespace mra
