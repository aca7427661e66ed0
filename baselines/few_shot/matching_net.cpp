#include "harness/model/classifier.h"
#include "harness/model/linear.h"
#include "harness/tasks/few_shot_method.h"

namespace mra {

namespace nn = torch::nn;

namespace {

constexpr double kSmallest = 1e-5;  // added to a length before dividing by it
constexpr double kScale = 100;      // factor of the similarity of two pictures, before the softmax

/// Scales each row to a length of about 1.
torch::Tensor normalised(const torch::Tensor& rows) {
  return rows / (rows.norm(2, {1}, /*keepdim=*/true) + kSmallest);
}

/// Encodes each query with the whole support. Shapes: n examples, q queries, D features.
class FullContextImpl : public nn::Module {
 public:
  explicit FullContextImpl(int64_t features)
      : cell_(register_module("lstmcell", nn::LSTMCell(2 * features, features))) {}

  /// An LSTM cell that is fed with the query and with what it reads of the support. Of the products
  /// with its weights two are the same in every step, and are made once.
  torch::Tensor forward(const torch::Tensor& queries,  // [q,D]
                        const torch::Tensor& support,  // [n,D], encoded
                        int64_t steps) {               // -> [q,D]
    // Weights of the query and of what is read: [4D,D] each.
    const auto of_inputs = cell_->weight_ih.chunk(2, 1);
    const auto of_query = torch::addmm(cell_->bias_ih, queries, of_inputs[0].t());  // [q,4D]
    const auto of_support = support.mm(of_inputs[1].t());                           // [n,4D]
    torch::Tensor h = queries, c = torch::zeros_like(queries);
    for (int64_t step = 0; step < steps; ++step) {
      const auto attention = h.mm(support.t()).softmax(1);
      const auto of_state = linear(h, cell_->weight_hh, cell_->bias_hh);  // [q,4D]
      const auto gates = torch::addmm(of_query + of_state, attention, of_support)
                             .chunk(4, 1);  // input, forget, cell, output
      c = gates[1].sigmoid() * c + gates[0].sigmoid() * gates[2].tanh();
      h = gates[3].sigmoid() * c.tanh() + queries;
    }
    return h;
  }

 private:
  nn::LSTMCell cell_;
};
TORCH_MODULE(FullContext);

/// Matching networks with full context embeddings (Vinyals et al. 2016): the prediction for a query
/// follows from its similarity to the examples. Each of them is encoded in the context of all.
class MatchingNet : public FewShotMethod {
 public:
  MatchingNet(Classifier backbone, int64_t features)
      : backbone_(register_module("backbone", std::move(backbone))),
        query_encoder_(register_module("FCE", FullContext(features))),
        support_encoder_(register_module(
            "G_encoder",
            nn::LSTM(nn::LSTMOptions(features, features).batch_first(true).bidirectional(true)))) {}

  torch::Tensor features(const torch::Tensor& images) override {
    return backbone_->forward(images);  // [N,D]
  }

  /// Returns log-probabilities.
  torch::Tensor scores(const torch::Tensor& episode, int64_t shots) override {
    const int64_t ways = episode.size(0);
    const auto [support, queries] = split_episode(episode, shots);
    const auto examples = encode(support.flatten(0, 1));  // [W·k,D]
    const auto encoded = query_encoder_(queries, examples, ways * shots);
    const auto likeness = normalised(encoded).mm(normalised(examples).t()).relu() * kScale;
    const auto of_class = likeness.softmax(1).unflatten(1, {ways, shots}).sum(2);
    return (of_class + 1e-6).log();
  }

  torch::Tensor loss(const torch::Tensor& scores, const torch::Tensor& labels) override {
    return torch::nll_loss(scores, labels);
  }

 private:
  /// Encodes the support as one sequence, read in both directions: [n,D] -> [n,D].
  torch::Tensor encode(const torch::Tensor& support) {
    const auto read = std::get<0>(support_encoder_(support.unsqueeze(0))).squeeze(0);  // [n,2D]
    const auto directions = read.chunk(2, 1);
    return support + directions[0] + directions[1];
  }

  Classifier backbone_;
  FullContext query_encoder_;
  nn::LSTM support_encoder_;
};

}  // namespace

std::shared_ptr<FewShotMethod> make_matching_net(SpecReader options,
                                                 const FewShotContext& context) {
  options.reject_unread_keys();
  const Classifier backbone = make_classifier(context.model, 0);
  const int64_t features = feature_map_sizes(*backbone, context.size_px).front();
  return std::make_shared<MatchingNet>(backbone, features);
}

}  // namespace mra
