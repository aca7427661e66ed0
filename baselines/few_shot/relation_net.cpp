#include <cmath>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/model/classifier.h"
#include "harness/tasks/few_shot_method.h"

namespace mra {

namespace nn = torch::nn;

namespace {

constexpr int64_t kHidden = 8;        // units of the layer before the last
constexpr int64_t kPadBelowPx = 10;   // smaller maps are padded
constexpr double kBatchMomentum = 1;  // keep only the statistics of the last batch

int64_t padding_of(int64_t map_px) {
  return map_px < kPadBelowPx ? 1 : 0;
}

/// Returns the side of a map after a block: a 3×3 convolution, then 2×2 max pooling.
int64_t after_block(int64_t side_px, int64_t padding) {
  return (side_px + 2 * padding - 2) / 2;
}

/// Computes the similarity of two feature maps. Shapes: C channels, maps of h×h.
class RelationImpl : public nn::Module {
 public:
  RelationImpl(int64_t channels, int64_t map_px)
      : conv1_(convolution(2 * channels, channels, padding_of(map_px))),
        bn1_(nn::BatchNormOptions(channels).momentum(kBatchMomentum)),
        conv2_(convolution(channels, channels, padding_of(map_px))),
        bn2_(nn::BatchNormOptions(channels).momentum(kBatchMomentum)),
        fc1_(channels * last_side(map_px) * last_side(map_px), kHidden),
        fc2_(kHidden, 1) {
    register_module("conv1", conv1_);
    register_module("bn1", bn1_);
    register_module("conv2", conv2_);
    register_module("bn2", bn2_);
    register_module("fc1", fc1_);
    register_module("fc2", fc2_);
  }

  static int64_t last_side(int64_t map_px) {
    return after_block(after_block(map_px, padding_of(map_px)), padding_of(map_px));
  }

  /// Scores every query against every class.
  torch::Tensor forward(const torch::Tensor& classes,    // [W,C,h,h]
                        const torch::Tensor& queries) {  // [q,C,h,h] -> [q,W]
    auto x = torch::max_pool2d(bn1_(first_maps(classes, queries)).relu(), 2);
    x = torch::max_pool2d(bn2_(conv2_(x)).relu(), 2);
    return fc2_(fc1_(x.flatten(1)).relu()).view({queries.size(0), classes.size(0)});
  }

 private:
  static nn::Conv2d convolution(int64_t in, int64_t out, int64_t padding) {
    nn::Conv2d layer(nn::Conv2dOptions(in, out, 3).padding(padding));
    nn::init::normal_(layer->weight, 0, std::sqrt(2 / (9.0 * double(out))));
    return layer;
  }

  /// The first convolution of all pairs, the channels of the class before those of the query. It is
  /// the sum of a convolution per class and one per query, far fewer than pairs. -> [q·W,C,h',h']
  torch::Tensor first_maps(const torch::Tensor& classes, const torch::Tensor& queries) {
    const auto halves = conv1_->weight.chunk(2, 1);
    const auto padding = padding_of(classes.size(2));
    const auto of_classes = torch::conv2d(classes, halves[0], {}, 1, padding);
    const auto of_queries = torch::conv2d(queries, halves[1], conv1_->bias, 1, padding);
    return (of_queries.unsqueeze(1) + of_classes.unsqueeze(0)).flatten(0, 1);
  }

  nn::Conv2d conv1_;
  nn::BatchNorm2d bn1_;
  nn::Conv2d conv2_;
  nn::BatchNorm2d bn2_;
  nn::Linear fc1_, fc2_;
};
TORCH_MODULE(Relation);

/// Relation networks (Sung et al. 2018): a network learns the similarity of two pictures.
class RelationNet : public FewShotMethod {
 public:
  RelationNet(Classifier backbone, Relation relation, bool squared_error, bool test_by_batch)
      : backbone_(register_module("backbone", std::move(backbone))),
        relation_(register_module("relation", std::move(relation))),
        squared_error_(squared_error),
        test_by_batch_(test_by_batch) {}

  torch::Tensor features(const torch::Tensor& images) override {
    return backbone_->features(images);  // [N,C,h,h]
  }

  torch::Tensor scores(const torch::Tensor& episode, int64_t shots) override {
    const auto [support, queries] = split_episode(episode, shots);
    const auto scores = relation_(support.mean(1), queries);
    return squared_error_ ? scores.sigmoid() : scores;
  }

  torch::Tensor loss(const torch::Tensor& scores, const torch::Tensor& labels) override {
    if (!squared_error_) return FewShotMethod::loss(scores, labels);
    return torch::mse_loss(scores, torch::one_hot(labels, scores.size(1)).to(scores.dtype()));
  }

  void start_test() override {
    eval();
    relation_->train(test_by_batch_);
  }

 private:
  Classifier backbone_;
  Relation relation_;
  bool squared_error_, test_by_batch_;
};

}  // namespace

std::shared_ptr<FewShotMethod> make_relation_net(SpecReader options,
                                                 const FewShotContext& context) {
  const std::string loss = options.one_of("relation_loss", "softmax", {"softmax", "mse"});
  const std::string test_bn = options.one_of("relation_test_bn", "batch", {"batch", "running"});
  options.reject_unread_keys();
  const Classifier backbone = make_classifier(context.model, 0);
  const auto maps = feature_map_sizes(*backbone, context.size_px);
  check(maps[1] == maps[2] && RelationImpl::last_side(maps[1]) > 0, ErrorKind::kUsage,
        context.model.where(),
        fmt::format("its last feature maps of {} x {} px are too small to be compared", maps[1],
                    maps[2]),
        "give larger pictures, fewer stages or a stem that reduces them less");
  return std::make_shared<RelationNet>(backbone, Relation(maps[0], maps[1]), loss == "mse",
                                       test_bn == "batch");
}

}  // namespace mra
