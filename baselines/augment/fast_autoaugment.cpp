#include "baselines/augment/fast_autoaugment.h"

#include "baselines/augment/named_policy.h"

namespace mra {

std::vector<NamedOp> fast_aa_ops(const SubPolicy& sub, const std::vector<OpDraw>& draws) {
  std::vector<NamedOp> ops;
  for (size_t i = 0; i < sub.stages.size(); ++i)
    if (draws[i].applied)
      ops.push_back(fast_aa_op(sub.stages[i].front().name, sub.stages[i].front().level, draws[i]));
  return ops;
}

std::vector<SubPolicy> read_fast_aa_policy(const std::string& name, const MethodContext& context) {
  auto policy = read_named_policy(name, context);
  check_levels(policy, name, 1,
               [](const PolicyOp& op) { fast_aa_op(op.name, op.level, OpDraw{}); });
  return policy;
}

std::vector<OpDraw> draw_fast_aa(const SubPolicy& sub, const PictureSize& size, Rng& rng) {
  auto draws = draw_ops(sub, rng);
  for (OpDraw& draw : draws) {  // centres in (1, side], as from np.random.uniform(side) there
    draw.x = size.width_px + (1.0 - size.width_px) * rng.uniform();
    draw.y = size.height_px + (1.0 - size.height_px) * rng.uniform();
  }
  return draws;
}

ImageTransform fast_aa_transform(std::vector<SubPolicy> policy, bool before_crop) {
  const auto change = [policy = std::move(policy)](Image& image, Rng& rng) {
    const SubPolicy& sub = policy[rng.below(policy.size())];
    const auto draws = draw_fast_aa(sub, {image.width_px, image.height_px}, rng);
    apply_all(fast_aa_ops(sub, draws), image);
  };
  return {change, before_crop};
}

/// Applies a policy that Fast AutoAugment (Lim et al. 2019) found for ImageNet.
ImageTransform make_fast_autoaugment(SpecReader spec, const MethodContext& context) {
  const auto name = spec.optional<std::string>("policy", "fast_autoaugment_imagenet");
  const bool before_crop = read_before_crop(spec, "before_crop");
  spec.reject_unread_keys();
  return fast_aa_transform(read_fast_aa_policy(name, context), before_crop);
}

}  // namespace mra
