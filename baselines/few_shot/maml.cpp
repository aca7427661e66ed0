#include "baselines/few_shot/maml.h"

#include <functional>
#include <mutex>
#include <utility>

#include "harness/model/fast_weights.h"
#include "harness/tasks/few_shot_method.h"

namespace mra {

Adapted adapt(ClassifierImpl& network, std::vector<torch::Tensor> start,
              const torch::Tensor& episode, int64_t shots, const MamlOptions& options) {
  const bool learning = torch::GradMode::is_enabled();
  const bool second_order = learning && options.second_order;
  const int64_t ways = episode.size(0);
  const auto [support, queries] = split_episode(episode, shots);
  // In the order of the network's weights, so that its first layer need not copy them each time.
  const auto order = start.front().suggest_memory_format();
  const auto examples = support.flatten(0, 1).contiguous(order);
  const auto labels = query_labels(ways, shots, episode.device());
  FastWeights fast(network);
  fast.use(start);
  Adapted adapted{{}, {}, std::move(start)};
  std::vector<torch::Tensor> losses;
  for (int64_t step = 0; step < options.inner_steps; ++step) {
    const torch::AutoGradMode gradients(true);
    const auto loss = torch::cross_entropy_loss(network.forward(examples), labels);
    const auto slopes = torch::autograd::grad({loss}, adapted.weights, {},
                                              /*retain_graph=*/second_order, second_order);
    for (size_t i = 0; i < slopes.size(); ++i) {
      auto& weight = adapted.weights[i];
      weight = weight.sub(slopes[i], options.inner_lr);
      if (!learning) weight = weight.detach().requires_grad_();
    }
    fast.use(adapted.weights);
    losses.push_back(loss.detach());
  }
  adapted.support_losses = torch::stack(losses);
  adapted.scores = network.forward(queries);
  return adapted;
}

void normalise_by_batch(torch::nn::Module& network) {
  for (const auto& part : network.modules())
    if (auto* norm = part->as<torch::nn::BatchNorm2dImpl>()) {
      norm->options.track_running_stats(false);  // always use statistics of the batch
      norm->options.momentum(0);                 // a weight of 0 for new statistics
    }
}

namespace {

/// MAML (Finn et al. 2017): trains weights from which a few steps of gradient descent on a few
/// examples give a good classifier.
class Maml : public FewShotMethod {
 public:
  using MakeNetwork = std::function<Classifier()>;

  Maml(MakeNetwork make_network, const MamlOptions& options)
      : make_network_(std::move(make_network)),
        network_(register_module("network", make_network_())),
        start_(FastWeights(*network_).parameters()),
        options_(options),
        free_{network_} {}

  bool compares_features() const override { return false; }
  torch::Tensor features(const torch::Tensor& images) override { return images; }
  torch::Tensor scores(const torch::Tensor& episode, int64_t shots) override {
    const Classifier network = take_free();
    auto scores = adapt(*network, start_, episode, shots, options_).scores;
    const std::lock_guard lock(mutex_);
    free_.push_back(network);
    return scores;
  }

 private:
  /// A network that no other thread computes with: each holds the fast weights of one episode.
  Classifier take_free() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return make_network_();
    const Classifier network = free_.back();
    free_.pop_back();
    return network;
  }

  MakeNetwork make_network_;
  Classifier network_;
  std::vector<torch::Tensor> start_;  ///< the parameters of network_
  MamlOptions options_;
  std::mutex mutex_;
  std::vector<Classifier> free_;  ///< network_ and others of its form
};

}  // namespace

std::shared_ptr<FewShotMethod> make_maml(SpecReader reader, const FewShotContext& context) {
  MamlOptions options;
  options.second_order = reader.optional("maml_second_order", options.second_order);
  options.inner_steps = reader.in_range<int64_t>("inner_steps", options.inner_steps, 1, 1000);
  options.inner_lr = reader.in_range("inner_lr", options.inner_lr, 0.0, 1e3);
  reader.reject_unread_keys();
  const auto make_network = [model = context.model, ways = context.ways] {
    Classifier network = make_classifier(model, ways);
    normalise_by_batch(*network);
    return network;
  };
  return std::make_shared<Maml>(make_network, options);
}

}  // namespace mra
