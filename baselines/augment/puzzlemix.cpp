#include "baselines/augment/puzzlemix.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include "baselines/augment/block_transport.h"
#include "baselines/augment/mixing.h"
#include "baselines/augment/saliencymix.h"
#include "harness/base/error.h"
#include "harness/tasks/catalog.h"
#include "harness/train/device.h"

namespace mra {

namespace {

/// A picture's blocks in one row: [N,3,S,S] -> [N,b²,3·B²].
torch::Tensor to_blocks(const torch::Tensor& images, int64_t blocks) {
  const int64_t pictures = images.size(0), side_px = images.size(2) / blocks;
  return images.reshape({pictures, 3, blocks, side_px, blocks, side_px})
      .permute({0, 2, 4, 1, 3, 5})
      .reshape({pictures, blocks * blocks, 3 * side_px * side_px});
}

torch::Tensor from_blocks(const torch::Tensor& parts, int64_t blocks, int64_t size_px) {
  const int64_t pictures = parts.size(0), side_px = size_px / blocks;
  return parts.view({pictures, blocks, blocks, 3, side_px, side_px})
      .permute({0, 3, 1, 4, 2, 5})
      .reshape({pictures, 3, size_px, size_px});
}

torch::Tensor moved(const torch::Tensor& parts, const torch::Tensor& source) {
  if (!source.defined()) return parts;
  const torch::Tensor from = uploaded(source, parts.device()).unsqueeze(2);
  return parts.gather(1, from.clamp_min(0).expand_as(parts)).masked_fill_(from.lt(0), 0);
}

/// Sets in `source` the block that each place of one picture takes. Places with the label `hidden`
/// do not show the picture.
void move_salient(const torch::Tensor& saliency, int64_t picture, const std::vector<int>& labels,
                  int hidden, double shift_cost, int64_t* source) {
  const int64_t side = saliency.size(1), cells = side * side;
  const double* first = saliency.data_ptr<double>() + picture * cells;
  std::vector<bool> shown;
  for (const int label : labels) shown.push_back(label != hidden);
  const auto taken = transport_blocks({first, first + cells}, shown, int(side), shift_cost);
  std::copy(taken.begin(), taken.end(), source);
}

}  // namespace

std::vector<int64_t> fitting_blocks(int64_t size_px) {
  std::vector<int64_t> fitting;
  for (const int64_t blocks : {2, 4, 8, 16})
    if (size_px % blocks == 0 && size_px / blocks >= 2) fitting.push_back(blocks);
  return fitting;
}

PuzzleDraw draw_puzzle(int64_t pictures, int64_t size_px, double beta, Rng& rng) {
  PuzzleDraw draw;
  draw.alpha = rng.beta(beta, beta);
  draw.permutation = draw_permutation(pictures, rng);
  const auto fitting = fitting_blocks(size_px);
  TORCH_CHECK(!fitting.empty(), "no number of blocks fits ", size_px, " pixels");
  draw.blocks = fitting[rng.below(fitting.size())];
  return draw;
}

Puzzle solve_puzzle(const torch::Tensor& images, const torch::Tensor& saliency,
                    const PuzzleDraw& draw, const PuzzleMixOptions& options,
                    const InputOptions& input) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor pixels =
      images * per_channel(input.std, images.device()) + per_channel(input.mean, images.device());
  const auto edges = edge_differences(pixels, draw.permutation, draw.blocks, options.neigh_size);
  const torch::Tensor salient = block_saliency(saliency, draw.blocks);
  const int64_t pictures = images.size(0), cells = draw.blocks * draw.blocks;
  Puzzle puzzle;
  puzzle.own_share = torch::empty({pictures, draw.blocks, draw.blocks});
  if (options.transport) {
    puzzle.own_source = torch::empty({pictures, cells}, torch::kInt64);
    puzzle.partner_source = torch::empty({pictures, cells}, torch::kInt64);
  }
  const auto* partners = draw.permutation.data_ptr<int64_t>();
  at::parallel_for(0, pictures, 1, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      const auto labels = minimise_by_swaps(
          puzzle_energy(salient, edges, n, partners[n], draw.alpha, options.weights));
      float* share = puzzle.own_share.data_ptr<float>() + n * cells;
      for (const int label : labels) *share++ = 1 - float(label) / (kPuzzleLabels - 1);
      if (!options.transport) continue;
      move_salient(salient, n, labels, kPuzzleLabels - 1, options.shift_cost,
                   puzzle.own_source.data_ptr<int64_t>() + n * cells);
      move_salient(salient, partners[n], labels, 0, options.shift_cost,
                   puzzle.partner_source.data_ptr<int64_t>() + n * cells);
    }
  });
  return puzzle;
}

torch::Tensor own_shares(const Puzzle& puzzle) {
  return puzzle.own_share.to(torch::kFloat64).mean({1, 2});
}

Batch lay_puzzle(Batch batch, const torch::Tensor& permutation, const Puzzle& puzzle) {
  const torch::NoGradGuard no_grad;
  const auto device = batch.images.device();
  const int64_t blocks = puzzle.own_share.size(1), size_px = batch.images.size(2);
  const torch::Tensor order = uploaded(permutation, device);
  const torch::Tensor parts = to_blocks(batch.images, blocks);
  const torch::Tensor share = uploaded(puzzle.own_share.flatten(1).unsqueeze(2), device);
  const torch::Tensor mixed =
      share * moved(parts, puzzle.own_source) +
      (1 - share) * moved(parts.index_select(0, order), puzzle.partner_source);
  const auto layout = batch.images.suggest_memory_format();
  batch.images = from_blocks(mixed, blocks, size_px).contiguous(layout);
  const torch::Tensor own = uploaded(own_shares(puzzle).to(torch::kFloat32), device).unsqueeze(1);
  batch.targets = own * batch.targets + (1 - own) * batch.targets.index_select(0, order);
  return batch;
}

static PuzzleMixOptions read_options(SpecReader& spec) {
  PuzzleMixOptions options;
  options.weights.beta = spec.in_range("p_beta", options.weights.beta, 0.0, 1e3);
  options.weights.gamma = spec.in_range("p_gamma", options.weights.gamma, 0.0, 1e3);
  options.weights.eta = spec.in_range("p_eta", options.weights.eta, 0.0, 1e3);
  options.transport = spec.optional("transport", options.transport);
  options.shift_cost = spec.in_range("t_eps", options.shift_cost, 0.0, 1e3);
  return options;
}

/// Puzzle Mix: combines blocks of two pictures so that their salient parts remain. It needs the
/// gradient of the network's loss, which makes a step nearly twice as expensive.
BatchTransform make_puzzlemix(SpecReader spec, const MethodContext& context) {
  const double beta = spec.in_range("beta", 1.0, 1e-6, 1e6);
  const double prob = spec.in_range("prob", 1.0, 0.0, 1.0);
  const PuzzleMixOptions options = read_options(spec);
  spec.reject_unread_keys();
  check(context.input_gradient != nullptr, ErrorKind::kUsage, spec.where(),
        "puzzlemix needs the gradient of a classification loss, which this task does not have",
        "use it with a task that classifies pictures");
  check(
      !fitting_blocks(context.input.size_px).empty(), ErrorKind::kUsage, spec.where(),
      fmt::format("puzzlemix cannot cut pictures of {} pixels into blocks", context.input.size_px),
      "choose an even /input/size_px of 4 or more");
  const auto apply = [beta, prob, options, input = context.input,
                      gradient_of = context.input_gradient](Batch batch, Rng& rng) {
    if (rng.uniform() >= prob) return batch;
    const auto draw = draw_puzzle(batch.images.size(0), batch.images.size(2), beta, rng);
    const torch::Tensor saliency = gradient_of(batch).square().mean(1).sqrt();
    const auto puzzle = solve_puzzle(batch.images, saliency, draw, options, input);
    return lay_puzzle(std::move(batch), draw.permutation, puzzle);
  };
  BatchTransform transform = mixing(apply, saliency_views(context.input));
  transform.uses_gradient = true;
  return transform;
}

}  // namespace mra
