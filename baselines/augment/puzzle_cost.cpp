#include "baselines/augment/puzzle_cost.h"
#include "harness/train/device.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <torch/torch.h>

namespace mra {

namespace {

/// `value` truncated to an integer; 0 for NaN, which comes from a diverged training.
int64_t whole(double value) {
  constexpr double kMost = 1e15;
  return std::isfinite(value) ? int64_t(std::clamp(value, -kMost, kMost)) : 0;
}

/// |upper − lower| at the edges between blocks of `side` pixels, averaged over channels and the
/// columns of a block.
torch::Tensor across(const torch::Tensor& upper, const torch::Tensor& lower, int64_t side) {
  const int64_t size = upper.size(2);
  const auto difference =
      upper.slice(2, side - 1, size - 1, side) - lower.slice(2, side, size, side);
  return difference.abs().mean(1).unflatten(2, {size / side, side}).mean(3);
}

torch::Tensor all_four(const torch::Tensor& own, const torch::Tensor& partner, int64_t side) {
  return torch::stack({across(partner, partner, side), across(partner, own, side),
                       across(own, partner, side), across(own, own, side)});
}

torch::Tensor on_cpu(const torch::Tensor& tensor) {
  return tensor.to(torch::kCPU, torch::kFloat64).contiguous();
}

/// The cost of each label for each block, and the additional cost of pairs of neighbours.
struct PairwiseTerms {
  std::vector<double> if_own, if_partner;
  std::vector<double> right, down;  ///< cost of neighbours with different labels
};

/// Splits the four costs of a pair of neighbours into a cost of each block and a rest for the pair.
void add_pair(PairwiseTerms& terms, size_t first, size_t second, std::array<double, 4> cost,
              double& left_over) {
  const auto [neither, second_own, first_own, both] = cost;
  terms.if_own[first] += (first_own + both) / 2;
  terms.if_partner[first] += (second_own + neither) / 2;
  terms.if_own[second] += (second_own + both) / 2;
  terms.if_partner[second] += (first_own + neither) / 2;
  left_over = (first_own + second_own - both - neither) / 2;
}

PairwiseTerms pairwise_terms(const EdgeDifferences& edges, int64_t picture, int64_t blocks,
                             double factor) {
  PairwiseTerms terms;
  for (auto* values : {&terms.if_own, &terms.if_partner, &terms.right, &terms.down})
    values->resize(size_t(blocks * blocks));
  const auto costs = [&](const torch::TensorAccessor<double, 4>& table, int64_t row,
                         int64_t column) {
    std::array<double, 4> cost;
    for (int64_t i = 0; i < 4; ++i) cost[size_t(i)] = factor * table[i][picture][row][column];
    return cost;
  };
  const auto down = edges.down.accessor<double, 4>(), right = edges.right.accessor<double, 4>();
  for (int64_t row = 0; row < blocks; ++row)
    for (int64_t column = 0; column < blocks; ++column) {
      const auto here = size_t(row * blocks + column);
      if (row + 1 < blocks)
        add_pair(terms, here, here + size_t(blocks), costs(down, row, column), terms.down[here]);
      if (column + 1 < blocks)
        add_pair(terms, here, here + 1, costs(right, row, column), terms.right[here]);
    }
  return terms;
}

/// Returns −log of the prior probability of each label. `alpha`: wanted share of the own picture.
std::array<double, kPuzzleLabels> prior(double alpha) {
  const auto cost = [](double chance) { return -std::log(chance + 1e-8); };
  return {cost(alpha * alpha), cost(2 * alpha * (1 - alpha)), cost((1 - alpha) * (1 - alpha))};
}

}  // namespace

EdgeDifferences edge_differences(const torch::Tensor& images, const torch::Tensor& permutation,
                                 int64_t blocks, int64_t neigh_size) {
  const int64_t block_px = images.size(2) / blocks;
  int64_t size = std::min(neigh_size, block_px);
  while (block_px % size != 0) --size;
  const torch::Tensor own = torch::avg_pool2d(images, size);
  const torch::Tensor partner = own.index_select(0, uploaded(permutation, own.device()));
  const torch::Tensor down = all_four(own, partner, block_px / size);
  const torch::Tensor right =
      all_four(own.transpose(2, 3), partner.transpose(2, 3), block_px / size).transpose(2, 3);
  return {on_cpu(down), on_cpu(right)};
}

torch::Tensor block_saliency(const torch::Tensor& saliency, int64_t blocks) {
  const int64_t block_px = saliency.size(1) / blocks;
  torch::Tensor share = on_cpu(torch::avg_pool2d(saliency.unsqueeze(1), block_px).squeeze(1));
  const int64_t count = blocks * blocks;
  for (int64_t n = 0; n < share.size(0); ++n) {
    double* values = share.data_ptr<double>() + n * count;
    double sum = 0;
    for (int64_t i = 0; i < count; ++i) sum += values[i];
    const bool usable = std::isfinite(sum) && sum > 0;
    for (int64_t i = 0; i < count; ++i) values[i] = usable ? values[i] / sum : 1.0 / double(count);
  }
  return share;
}

GridEnergy puzzle_energy(const torch::Tensor& saliency, const EdgeDifferences& edges, int64_t own,
                         int64_t partner, double alpha, const PuzzleWeights& weights) {
  const int64_t blocks = saliency.size(1);
  const size_t cells = size_t(blocks * blocks);
  const double scale = 1000.0 * double(cells), together = weights.beta / double(16 * blocks);
  const auto terms = pairwise_terms(edges, own, blocks, together * weights.gamma);
  const double* own_saliency = saliency.data_ptr<double>() + own * int64_t(cells);
  const double* partner_saliency = saliency.data_ptr<double>() + partner * int64_t(cells);
  const auto by_label = prior(alpha);
  const int side = int(blocks);
  GridEnergy energy(side, side, kPuzzleLabels);
  for (size_t i = 0; i < cells; ++i) {
    // A block that shows one picture loses the saliency of the other.
    const double if_own = partner_saliency[i] + terms.if_own[i];
    const double if_partner = own_saliency[i] + terms.if_partner[i];
    for (size_t label = 0; label < kPuzzleLabels; ++label) {
      const double share = double(label) / (kPuzzleLabels - 1);
      const double cost =
          (1 - share) * if_own + share * if_partner + by_label[label] * weights.eta / double(cells);
      energy.cell[i * kPuzzleLabels + label] = 4 * whole(scale * cost);
    }
    // The cost of a pair is negative where the two pictures fit each other better than themselves.
    // A minimum cut needs capacities of at least 0, so the cost is set to 0.
    energy.right[i] = std::max<int64_t>(0, whole(scale * (terms.right[i] + together)));
    energy.down[i] = std::max<int64_t>(0, whole(scale * (terms.down[i] + together)));
  }
  return energy;
}

}  // namespace mra
