#include "baselines/augment/autoaugment.h"

#include "baselines/augment/named_policy.h"
#include "harness/base/error.h"

namespace mra {

std::vector<NamedOp> autoaugment_ops(const SubPolicy& sub, const AutoAugmentOptions& options,
                                     const std::vector<OpDraw>& draws, const PictureSize& size) {
  constexpr int kBins = 10;
  std::vector<NamedOp> ops;
  for (size_t i = 0; i < sub.stages.size(); ++i) {
    const PolicyOp& op = sub.stages[i].front();
    if (!draws[i].applied) continue;
    ops.push_back(options.impl == "paper" ? paper_op(op.name, op.level, draws[i], options.sampling)
                                          : torchvision_op(op.name, int(op.level), kBins, draws[i],
                                                           options.sampling, size));
  }
  return ops;
}

std::vector<OpDraw> draw_ops(const SubPolicy& sub, Rng& rng) {
  std::vector<OpDraw> draws(sub.stages.size());
  for (size_t i = 0; i < draws.size(); ++i) {
    draws[i].applied = rng.uniform() < sub.stages[i].front().prob;
    draws[i].sign = rng.below(2) == 0 ? 1 : -1;
  }
  return draws;
}

void apply_all(const std::vector<NamedOp>& ops, Image& image) {
  thread_local Image scratch;
  for (const NamedOp& op : ops) apply(op, image, scratch);
}

/// Applies a policy that AutoAugment (Cubuk et al. 2019) found for ImageNet.
ImageTransform make_autoaugment(SpecReader spec, const MethodContext& context) {
  AutoAugmentOptions options;
  const auto name = spec.optional<std::string>("policy", "autoaugment_imagenet");
  options.impl = spec.one_of("impl", options.impl, {"paper", "torchvision"});
  if (options.impl == "torchvision") options.sampling = {Resample::kBilinear, {0, 0, 0}};
  const bool before_crop = read_before_crop(spec, "after_crop");
  spec.reject_unread_keys();
  const auto policy = read_named_policy(name, context);
  check_levels(policy, name, options.impl == "paper" ? 10 : 9, [&](const PolicyOp& op) {
    autoaugment_ops({{{op}}}, options, {OpDraw{}}, {1, 1});
  });
  const auto change = [policy, options](Image& image, Rng& rng) {
    const SubPolicy& sub = policy[rng.below(policy.size())];
    const auto draws = draw_ops(sub, rng);
    apply_all(autoaugment_ops(sub, options, draws, {image.width_px, image.height_px}), image);
  };
  return {change, before_crop};
}

}  // namespace mra
