// Golden kinds of the augmentation methods: policies and mixing, chance being given.
#include "baselines/augment/autoaugment.h"
#include "baselines/augment/cutout.h"
#include "baselines/augment/fast_autoaugment.h"
#include "baselines/augment/faster_autoaugment.h"
#include "baselines/augment/mixup.h"
#include "baselines/augment/puzzlemix.h"
#include "baselines/augment/randaugment.h"
#include "baselines/augment/saliency.h"
#include "baselines/augment/saliencymix.h"
#include "harness/train/loss.h"
#include "tests/golden_model/kinds.h"

namespace mra {
namespace {

// --- policies

std::vector<OpDraw> draws_of(const Json& options, size_t count) {
  std::vector<OpDraw> draws(count);
  for (size_t i = 0; i < count; ++i) {
    if (options.contains("apply")) draws[i].applied = options["apply"].at(i);
    draws[i].sign = options.at("sign").at(i);
    if (!options.contains("draws")) continue;
    const Json& draw = options["draws"].at(i);
    draws[i].x = draw.value("x0", draw.value("center_col", 0.0));
    draws[i].y = draw.value("y0", draw.value("center_row", 0.0));
  }
  return draws;
}

Image image_of(const torch::Tensor& tensor) {
  Image image;
  image.resize(int(tensor.size(0)), int(tensor.size(1)));
  std::copy_n(tensor.contiguous().data_ptr<uint8_t>(), image.rgb.size(), image.rgb.begin());
  return image;
}

Tensors picture(const Image& image) {
  return {{"output", torch::tensor(std::vector<int64_t>(image.rgb.begin(), image.rgb.end()))
                         .view({image.height_px, image.width_px, 3})}};
}

Tensors applied(const std::vector<NamedOp>& ops, Image image) {
  apply_all(ops, image);
  return picture(image);
}

Tensors staged(const SubPolicy& sub, const Json& options, Image image) {
  std::vector<StageDraw> draws(sub.stages.size());
  for (size_t i = 0; i < draws.size(); ++i) {
    draws[i].choice = options.at("choice").at(i);
    for (const Json& corner : options.at("draws").at(i).value("holes", Json::array()))
      draws[i].holes.push_back({corner.at(0), corner.at(1)});
  }
  apply_stages(sub, draws, image);
  return picture(image);
}

Tensors policy_case(const Json& options, const Tensors& inputs) {
  const std::string impl = options.at("impl");
  if (impl != "paper" && impl != "torchvision" && impl != "fast_aa" && impl != "autoalbument")
    not_built("policy of " + impl);
  const auto policy = read_policy(find_policy(options.at("policy")));
  const SubPolicy& sub = policy.at(options.at("index"));
  if (impl == "autoalbument") return staged(sub, options, image_of(inputs.at("image")));
  const auto draws = draws_of(options, sub.stages.size());
  const Image image = image_of(inputs.at("image"));
  if (impl == "fast_aa") return applied(fast_aa_ops(sub, draws), image);
  return applied(autoaugment_ops(sub, {impl, read_sampling(options)}, draws,
                                 {image.width_px, image.height_px}),
                 image);
}

Tensors rand_augment_case(const Json& options, const Tensors& inputs) {
  RandAugmentOptions method;
  method.impl = options.at("impl");
  if (method.impl == "timm" && options.at("increasing")) method.impl = "timm_inc";
  method.magnitude = options.at("m");
  method.bins = options.value("bins", method.bins);
  const std::vector<std::string> names = options.at("ops");
  const auto draws = draws_of(options, names.size());
  const Image image = image_of(inputs.at("image"));
  std::vector<NamedOp> ops;
  for (size_t i = 0; i < names.size(); ++i)
    if (draws[i].applied)
      ops.push_back(randaugment_op(names[i], method, draws[i], read_sampling(options),
                                   {image.width_px, image.height_px}));
  return applied(ops, image);
}

// --- batches

Batch batch_of(const Json& options, const Tensors& inputs) {
  Batch batch;
  batch.images = inputs.at("images");
  if (inputs.contains("targets"))
    batch.targets = one_hot_targets(inputs.at("targets"), options.at("classes"));
  return batch;
}

torch::Tensor permutation_of(const Json& options) {
  return torch::tensor(options.at("permutation").get<std::vector<int64_t>>(), torch::kInt64);
}

Tensors cutout_case(const Json& options, const Tensors& inputs) {
  const std::vector<std::pair<int64_t, int64_t>> centers = options.at("centers");
  return {{"output", cut_out(inputs.at("images"), options.at("size"), centers)}};
}

Tensors mixup_case(const Json& options, const Tensors& inputs) {
  const Batch mixed =
      mix_up(batch_of(options, inputs), permutation_of(options), options.at("lambda"));
  return {{"output", mixed.images}, {"soft_targets", mixed.targets}};
}

/// What CutMix and SaliencyMix make of a batch once the centre is known.
Tensors boxed(const Json& options, const Tensors& inputs, int64_t row, int64_t column) {
  const Batch batch = batch_of(options, inputs);
  const int64_t height = batch.images.size(2), width = batch.images.size(3);
  const MixBox box = mix_box(options.at("lambda"), row, column, height, width);
  const Batch mixed = paste_box(batch, permutation_of(options), box);
  return {{"box", torch::tensor({box.top, box.bottom, box.left, box.right}, torch::kInt64)},
          {"lambda", torch::full({1}, share_outside(box, height, width), torch::kFloat64)},
          {"output", mixed.images},
          {"soft_targets", mixed.targets}};
}

Tensors cutmix_case(const Json& options, const Tensors& inputs) {
  return boxed(options, inputs, options.at("center_row"), options.at("center_col"));
}

Tensors saliencymix_case(const Json& options, const Tensors& inputs) {
  const torch::Tensor source = inputs.at("images")[permutation_of(options)[0].item<int64_t>()];
  const int64_t height = source.size(1), width = source.size(2);
  const auto bgr = to_bgr_bytes(source, {0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f});
  const auto map = fine_grained_saliency(bgr.data(), int(height), int(width));
  const auto [row, column] = first_peak(map, width);
  Tensors outputs = boxed(options, inputs, row, column);
  outputs["saliency"] =
      torch::tensor(std::vector<int64_t>(map.begin(), map.end())).view({height, width});
  outputs["center"] = torch::tensor({row, column}, torch::kInt64);
  return outputs;
}

Tensors saliencymix_as_released_case(const Json& options, const Tensors& inputs) {
  const torch::Tensor source = inputs.at("images")[permutation_of(options)[0].item<int64_t>()];
  const auto [row, column] = most_salient(source, {}, SaliencyInput::kFloatBytes);
  Tensors outputs = boxed(options, inputs, row, column);
  outputs["center"] = torch::tensor({row, column}, torch::kInt64);
  return outputs;
}

Tensors puzzlemix_case(const Json& options, const Tensors& inputs) {
  if (options.at("n_labels") != kPuzzleLabels) not_built("Puzzle Mix with other labels");
  PuzzleMixOptions method;
  method.weights = {options.at("p_beta"), options.at("p_gamma"), options.at("p_eta")};
  method.neigh_size = options.at("neigh_size");
  method.transport = options.at("transport");
  method.shift_cost = options.at("t_eps");
  InputOptions input;
  input.mean = options.at("mean");
  input.std = options.at("std");
  const PuzzleDraw draw{options.at("alpha"), permutation_of(options), options.at("blocks")};
  const Puzzle puzzle =
      solve_puzzle(inputs.at("images"), inputs.at("saliency"), draw, method, input);
  const Batch mixed = lay_puzzle(batch_of(options, inputs), draw.permutation, puzzle);
  Tensors outputs{{"mask", puzzle.own_share},
                  {"lambda", own_shares(puzzle)},
                  {"output", mixed.images},
                  {"soft_targets", mixed.targets}};
  if (!method.transport) return outputs;
  outputs["plan1"] = puzzle.own_source;
  outputs["plan2"] = puzzle.partner_source;
  return outputs;
}

}  // namespace

void add_augment_kinds(TensorKinds& kinds) {
  kinds["policy"] = policy_case;
  kinds["rand_augment"] = rand_augment_case;
  kinds["cutout"] = cutout_case;
  kinds["mixup"] = mixup_case;
  kinds["cutmix"] = cutmix_case;
  kinds["puzzlemix"] = puzzlemix_case;
  kinds["saliencymix"] = saliencymix_case;
  kinds["saliencymix_as_released"] = saliencymix_as_released_case;
}

}  // namespace mra
