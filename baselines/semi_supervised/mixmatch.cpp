#include "baselines/augment/mixing.h"
#include "baselines/semi_supervised/parts.h"
#include "harness/train/device.h"

namespace mra {

/// Swaps parts of three equally large batches, so that each has rows of all three. A batch has
/// three nearly equal parts, the shorter ones first. Part 1 of batch 0 is swapped with that of
/// batch 1, and part 2 with that of batch 2 (from 0). Calling it twice restores the batches.
static void interleave(std::vector<torch::Tensor>& batches) {
  constexpr int64_t kParts = 3;
  const int64_t rows = batches[0].size(0), shortest = rows / kParts;
  std::vector<int64_t> sizes(kParts, shortest);
  for (int64_t i = 0; i < rows % kParts; ++i) ++sizes[size_t(kParts - 1 - i)];
  std::vector<std::vector<torch::Tensor>> parts;
  for (const auto& batch : batches) parts.push_back(batch.split_with_sizes(sizes));
  for (size_t i = 1; i < size_t(kParts); ++i) std::swap(parts[0][i], parts[i][i]);
  for (size_t i = 0; i < size_t(kParts); ++i) batches[i] = torch::cat(parts[i]);
}

/// Returns the mean of the probabilities of two views, sharpened: the target of both views.
static torch::Tensor guess(const SemiSupervisedStep& step, double temperature) {
  const auto mean = (torch::softmax(step.student.target(step["weak"]), 1) +
                     torch::softmax(step.student.target(step["weak2"]), 1)) /
                    2;
  const auto sharp = mean.pow(1 / temperature);
  return sharp / sharp.sum(1, true);
}

/// Mixes rows with those of the permutation: share·x + (1−share)·x[permutation].
static torch::Tensor mixed(const SemiSupervisedStep& step, const torch::Tensor& rows) {
  const auto& share = step["share"];
  return share * rows + (1 - share) * rows.index_select(0, step["permutation"]);
}

/// MixMatch (Berthelot et al. 2019): mixes labelled pictures with pictures of guessed labels.
SemiSupervisedMethod make_mixmatch(SpecReader spec, const MethodContext&) {
  const auto weight = read_weight(spec, {.weight = 100, .ramp_frac = 0.4});
  const double alpha = spec.in_range("alpha", 0.5, 1e-3, 1e3);
  const double temperature = spec.in_range("temperature", 0.5, 1e-3, 1e3);
  spec.reject_unread_keys();
  const auto formula = [weight, temperature](const SemiSupervisedStep& step) {
    SemiSupervisedLoss loss;
    const auto guessed = guess(step, temperature);
    const auto pictures = mixed(step, torch::cat({step["labelled"], step["weak"], step["weak2"]}));
    const auto targets = mixed(step, torch::cat({step["targets"], guessed, guessed}));
    auto batches = pictures.chunk(3);
    interleave(batches);
    std::vector<torch::Tensor> logits{step.student(batches[0]), step.student.frozen(batches[1]),
                                      step.student.frozen(batches[2])};
    interleave(logits);
    const auto wanted = targets.chunk(3);
    loss.supervised = soft_cross_entropy(logits[0], wanted[0]);
    loss.unsupervised = torch::mse_loss(torch::softmax(torch::cat({logits[1], logits[2]}), 1),
                                        torch::cat({wanted[1], wanted[2]}));
    loss.total = loss.supervised + weight.at(step) * loss.unsupervised;
    loss.parts = {{"mixed_x", pictures}, {"mixed_y", targets}};
    return loss;
  };
  const auto draw = [alpha](StepInputs& inputs, Rng& rng) {
    const auto& like = inputs.at("labelled");
    const double share = rng.beta(alpha, alpha);
    inputs["share"] = uploaded(torch::tensor(std::max(share, 1 - share)), like.device());
    inputs["permutation"] = uploaded(draw_permutation(3 * like.size(0), rng), like.device());
  };
  return {.views = {"weak", "weak2"}, .loss = formula, .draw = draw, .equal_batches = true};
}

}  // namespace mra
