#include <ATen/Parallel.h>

#include "baselines/semi_supervised/parts.h"
#include "harness/base/error.h"
#include "harness/train/device.h"

namespace mra {

/// Scales each picture's tensor to the length `length`: [U,3,H,W].
static torch::Tensor of_length(const torch::Tensor& pictures, double length) {
  const auto norms = pictures.flatten(1).norm(2, 1).view({-1, 1, 1, 1});
  return length * pictures / (norms + 1e-16);
}

/// Returns Σ q·(log q − log p), from log q and the logits of p, as a mean over the pictures.
static torch::Tensor divergence(const torch::Tensor& log_q, const torch::Tensor& logits_p) {
  return (log_q.exp() * (log_q - torch::log_softmax(logits_p, 1))).sum(1).mean();
}

static torch::Tensor entropy(const torch::Tensor& logits) {
  const auto log_p = torch::log_softmax(logits, 1);
  return -(log_p.exp() * log_p).sum(1).mean();
}

/// Draws normal noise. Each picture has a stream of its own, so that they are drawn in parallel.
static torch::Tensor draw_noise(const torch::Tensor& pictures, Rng& rng) {
  std::vector<uint64_t> seeds(size_t(pictures.size(0)));
  for (uint64_t& seed : seeds) seed = rng.next_u64();
  const int64_t values = pictures[0].numel();
  auto noise = torch::empty(pictures.sizes(), torch::kFloat32);
  float* first = noise.data_ptr<float>();
  at::parallel_for(0, pictures.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      Rng own({.seed = seeds[size_t(n)], .purpose = Purpose::kBatch});
      for (int64_t i = n * values; i < (n + 1) * values; ++i) first[i] = float(own.normal());
    }
  });
  return uploaded(noise, pictures.device());
}

/// VAT (Miyato et al. 2018) with its entropy term: the probabilities should not change under the
/// small change of a picture that affects them most. One power iteration finds its direction.
SemiSupervisedMethod make_vat(SpecReader spec, const MethodContext& context) {
  const auto weight = read_weight(spec, {.weight = 0.3, .ramp_frac = 0.4});
  const double entropy_weight = spec.in_range("entropy_weight", 0.06, 0.0, 1e6);
  const double xi = spec.in_range("xi", 1e-6, 1e-12, 1e3);
  const double eps = spec.in_range("eps", 6.0, 0.0, 1e6);
  spec.reject_unread_keys();
  check(context.precision != "bf16", ErrorKind::kUsage, spec.where(),
        "VAT changes pictures by less than bf16 can represent",
        "give the recipe \"precision\": \"fp32\"");
  const auto formula = [=](const SemiSupervisedStep& step) {
    SemiSupervisedLoss loss;
    loss.supervised = soft_cross_entropy(step.student(step["labelled"]), step["targets"]);
    const auto& pictures = step["weak"];
    const auto logits = step.student.frozen(pictures);
    const auto log_q = torch::log_softmax(logits.detach(), 1);
    const auto small = of_length(step["noise"], xi).requires_grad_();
    const auto moved = divergence(log_q, step.student.frozen(pictures + small));
    const auto worst = torch::autograd::grad({moved}, {small}).front();
    loss.unsupervised = divergence(log_q, step.student.frozen(pictures + of_length(worst, eps)));
    loss.parts["entropy"] = entropy(logits);
    loss.total = loss.supervised + weight.at(step) * loss.unsupervised +
                 entropy_weight * loss.parts["entropy"];
    return loss;
  };
  const auto draw = [](StepInputs& inputs, Rng& rng) {
    inputs["noise"] = draw_noise(inputs.at("weak"), rng);
  };
  return {.views = {"weak"}, .loss = formula, .draw = draw};
}

}  // namespace mra
