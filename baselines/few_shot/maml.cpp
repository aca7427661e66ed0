#include "baselines/few_shot/maml.h"

#include "harness/model/fast_weights.h"
#include "harness/tasks/few_shot_method.h"

namespace mra {

Adapted adapt(ClassifierImpl& network, const torch::Tensor& episode, int64_t shots,
              const MamlOptions& options) {
  const bool learning = torch::GradMode::is_enabled();
  const bool second_order = learning && options.second_order;
  const int64_t ways = episode.size(0);
  const auto [support, queries] = split_episode(episode, shots);
  const auto examples = support.flatten(0, 1);
  const auto labels = query_labels(ways, shots, episode.device());
  FastWeights fast(network);
  Adapted adapted{{}, {}, fast.parameters()};
  std::vector<torch::Tensor> losses;
  for (int64_t step = 0; step < options.inner_steps; ++step) {
    const torch::AutoGradMode gradients(true);
    const auto loss = torch::cross_entropy_loss(network.forward(examples), labels);
    const auto slopes = torch::autograd::grad({loss}, adapted.weights, {},
                                              /*retain_graph=*/second_order, second_order);
    for (size_t i = 0; i < slopes.size(); ++i) {
      auto& weight = adapted.weights[i];
      weight = weight - options.inner_lr * slopes[i];
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
  Maml(Classifier network, const MamlOptions& options)
      : network_(register_module("network", std::move(network))), options_(options) {
    normalise_by_batch(*network_);
  }

  bool compares_features() const override { return false; }
  torch::Tensor features(const torch::Tensor& images) override { return images; }
  torch::Tensor scores(const torch::Tensor& episode, int64_t shots) override {
    return adapt(*network_, episode, shots, options_).scores;
  }

 private:
  Classifier network_;
  MamlOptions options_;
};

}  // namespace

std::shared_ptr<FewShotMethod> make_maml(SpecReader reader, const FewShotContext& context) {
  MamlOptions options;
  options.second_order = reader.optional("maml_second_order", options.second_order);
  options.inner_steps = reader.in_range<int64_t>("inner_steps", options.inner_steps, 1, 1000);
  options.inner_lr = reader.in_range("inner_lr", options.inner_lr, 0.0, 1e3);
  reader.reject_unread_keys();
  return std::make_shared<Maml>(make_classifier(context.model, context.ways), options);
}

}  // namespace mra
