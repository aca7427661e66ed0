#include "baselines/few_shot/episode_heads.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/Parallel.h>

namespace mra {
namespace {

/// A parameter and its momentum in SGD.
struct Moving {
  double value = 0, momentum = 0;

  void step(double gradient, bool first, const HeadOptions& options) {
    gradient += options.weight_decay * value;
    momentum = first ? gradient : options.momentum * momentum + (1 - options.dampening) * gradient;
    value -= options.lr * momentum;
  }
};

/// Trains the head of one episode. Its weight always equals a·W₀ + Σᵢ cᵢ·xᵢ, with the first weight
/// W₀ and the examples xᵢ, because gradients are sums of examples and decay scales all terms.
class OneHead {
 public:
  /// `likeness` [n,n]: dot products of examples; `first_scores` [n,W]: of examples with W₀.
  OneHead(int64_t ways, int64_t examples, const double* likeness, const double* first_scores,
          const double* bias)
      : ways_(ways),
        examples_(examples),
        likeness_(likeness),
        first_scores_(first_scores),
        coefficients_(size_t(examples * ways)),
        bias_(size_t(ways)),
        slopes_(size_t(examples * ways)) {
    for (int64_t w = 0; w < ways; ++w) bias_[size_t(w)].value = bias[w];
  }

  /// `losses`: of each step, [steps].
  void learn(const int64_t* orders, const HeadOptions& options, double* losses) {
    bool first = true;
    for (int64_t epoch = 0; epoch < options.epochs; ++epoch)
      for (int64_t at = 0; at < examples_; at += options.batch, first = false)
        *losses++ = step(orders + epoch * examples_ + at, std::min(options.batch, examples_ - at),
                         first, options);
  }

  double of_first() const { return of_first_.value; }
  void copy(double* coefficients, double* bias) const {
    for (const Moving& c : coefficients_) *coefficients++ = c.value;
    for (const Moving& b : bias_) *bias++ = b.value;
  }

 private:
  double step(const int64_t* batch, int64_t count, bool first, const HeadOptions& options) {
    double loss = 0;
    std::fill(slopes_.begin(), slopes_.end(), 0.0);
    std::vector<double>& of_bias = bias_slopes_;
    of_bias.assign(size_t(ways_), 0.0);
    for (int64_t i = 0; i < count; ++i) {
      double* slope = slopes_.data() + batch[i] * ways_;
      loss += score_slopes(batch[i], 1.0 / double(count), slope);
      for (int64_t w = 0; w < ways_; ++w) of_bias[size_t(w)] += slope[w];
    }
    of_first_.step(0, first, options);
    for (size_t i = 0; i < slopes_.size(); ++i) coefficients_[i].step(slopes_[i], first, options);
    for (size_t w = 0; w < bias_.size(); ++w) bias_[w].step(of_bias[w], first, options);
    return loss;
  }

  /// Returns `weight` times the cross-entropy of one example, and its derivative with respect to
  /// the scores in `slope` [W].
  double score_slopes(int64_t example, double weight, double* slope) const {
    for (int64_t w = 0; w < ways_; ++w)
      slope[w] = of_first_.value * first_scores_[example * ways_ + w] + bias_[size_t(w)].value;
    const double* alike = likeness_ + example * examples_;
    for (int64_t i = 0; i < examples_; ++i)
      for (int64_t w = 0; w < ways_; ++w)
        slope[w] += alike[i] * coefficients_[size_t(i * ways_ + w)].value;
    const double highest = *std::max_element(slope, slope + ways_);
    double& of_label = slope[example / (examples_ / ways_)];
    const double score = of_label;
    double sum = 0;
    for (int64_t w = 0; w < ways_; ++w) sum += slope[w] = std::exp(slope[w] - highest);
    for (int64_t w = 0; w < ways_; ++w) slope[w] *= weight / sum;
    of_label -= weight;
    return weight * (highest + std::log(sum) - score);
  }

  int64_t ways_, examples_;
  const double *likeness_, *first_scores_;
  Moving of_first_{1, 0};             ///< a
  std::vector<Moving> coefficients_;  ///< c, [n,W]
  std::vector<Moving> bias_;
  std::vector<double> slopes_, bias_slopes_;
};

/// Copies to contiguous f64 memory on the CPU: [E,…].
torch::Tensor plain(const torch::Tensor& tensor) {
  return tensor.detach().to(torch::kCPU, torch::kFloat64).contiguous();
}

}  // namespace

Heads learn_heads(const torch::Tensor& examples, const torch::Tensor& orders, const Heads& start,
                  const HeadOptions& options, torch::Tensor* losses) {
  const auto x = plain(examples), first = plain(start.weight), first_bias = plain(start.bias);
  const auto order = orders.cpu().contiguous();
  const int64_t episodes = x.size(0), count = x.size(1), ways = first.size(1);
  const auto likeness = x.bmm(x.transpose(1, 2)).contiguous();
  const auto first_scores = x.bmm(first.transpose(1, 2)).contiguous();
  auto coefficients = torch::empty({episodes, count, ways}, torch::kFloat64);
  auto of_first = torch::empty({episodes, 1, 1}, torch::kFloat64);
  auto bias = torch::empty({episodes, ways}, torch::kFloat64);
  const int64_t steps = options.epochs * ((count + options.batch - 1) / options.batch);
  auto of_steps = torch::empty({episodes, steps}, torch::kFloat64);
  if (losses) *losses = of_steps;
  at::parallel_for(0, episodes, 1, [&](int64_t begin, int64_t end) {
    for (int64_t e = begin; e < end; ++e) {
      OneHead head(ways, count, likeness.data_ptr<double>() + e * count * count,
                   first_scores.data_ptr<double>() + e * count * ways,
                   first_bias.data_ptr<double>() + e * ways);
      head.learn(order.data_ptr<int64_t>() + e * options.epochs * count, options,
                 of_steps.data_ptr<double>() + e * steps);
      head.copy(coefficients.data_ptr<double>() + e * count * ways,
                bias.data_ptr<double>() + e * ways);
      of_first.data_ptr<double>()[e] = head.of_first();
    }
  });
  const auto weight = of_first * first + coefficients.transpose(1, 2).bmm(x);
  return {weight.to(start.weight.options()), bias.to(start.bias.options())};
}

torch::Tensor scores_of(const Heads& heads, const torch::Tensor& features) {
  return torch::baddbmm(heads.bias.unsqueeze(1), features, heads.weight.transpose(1, 2));
}

/// Scales each row to a length of about 1.
static torch::Tensor normalised(const torch::Tensor& features) {
  return features / (features.norm(2, {-1}, /*keepdim=*/true) + 1e-5);
}

torch::Tensor scores_of(const CosineHeads& heads, double scale, const torch::Tensor& features) {
  const auto weight = heads.length * heads.direction / heads.direction.norm(2, {-1}, true);
  return scale * normalised(features).bmm(weight.transpose(1, 2));
}

CosineHeads learn_cosine_heads(const torch::Tensor& examples, const torch::Tensor& orders,
                               const CosineHeads& start, double scale, const HeadOptions& options) {
  const int64_t episodes = examples.size(0), count = examples.size(1);
  const int64_t shots = count / start.length.size(1);
  std::vector<torch::Tensor> weights = {start.length.clone(), start.direction.clone()}, momenta(2);
  for (int64_t at = 0; at < options.epochs * count;) {
    const int64_t epoch = at / count, place = at % count;
    const int64_t length = std::min(options.batch, count - place);
    const auto batch = orders.select(1, epoch).narrow(1, place, length);  // [E,b]
    const auto x = examples.gather(1, batch.unsqueeze(2).expand({-1, -1, examples.size(2)}));
    const torch::AutoGradMode gradients(true);
    for (auto& weight : weights) weight = weight.detach().requires_grad_();
    const auto scores = scores_of(CosineHeads{weights[0], weights[1]}, scale, x);
    const auto loss = torch::cross_entropy_loss(scores.flatten(0, 1),
                                                torch::div(batch, shots, "trunc").flatten());
    // The loss is the mean over all episodes; the gradient of each is `episodes` times as large.
    const auto slopes = torch::autograd::grad({loss * episodes}, weights);
    const torch::NoGradGuard no_grad;
    for (size_t i = 0; i < weights.size(); ++i) {
      const auto slope = slopes[i] + options.weight_decay * weights[i];
      momenta[i] =
          at == 0 ? slope : options.momentum * momenta[i] + (1 - options.dampening) * slope;
      weights[i] = weights[i] - options.lr * momenta[i];
    }
    at += length;
  }
  return {weights[0].detach(), weights[1].detach()};
}

}  // namespace mra
