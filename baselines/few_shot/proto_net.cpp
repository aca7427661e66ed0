#include "harness/model/classifier.h"
#include "harness/tasks/few_shot_method.h"

namespace mra {
namespace {

/// Prototypical networks (Snell et al. 2017): the prototype of a class is the mean of its examples'
/// features, and the nearest prototype is the prediction.
class ProtoNet : public FewShotMethod {
 public:
  explicit ProtoNet(Classifier backbone)
      : backbone_(register_module("backbone", std::move(backbone))) {}

  torch::Tensor features(const torch::Tensor& images) override {
    return backbone_->forward(images);  // [N,D]
  }

  /// Returns minus the squared distance, not divided by the number of features.
  torch::Tensor scores(const torch::Tensor& episode, int64_t shots) override {
    const auto [support, queries] = split_episode(episode, shots);
    return -(queries.unsqueeze(1) - support.mean(1)).square_().sum(2);
  }

 private:
  Classifier backbone_;
};

}  // namespace

std::shared_ptr<FewShotMethod> make_proto_net(SpecReader options, const FewShotContext& context) {
  options.reject_unread_keys();
  return std::make_shared<ProtoNet>(make_classifier(context.model, 0));
}

}  // namespace mra
