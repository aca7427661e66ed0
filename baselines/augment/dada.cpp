#include "baselines/augment/fast_autoaugment.h"
#include "harness/tasks/catalog.h"

namespace mra {

/// Applies a policy that DADA (Li et al. 2020) found for ImageNet. Its operations are those of Fast
/// AutoAugment.
ImageTransform make_dada(SpecReader spec, const MethodContext& context) {
  const auto name = spec.optional<std::string>("policy", "dada_imagenet");
  const bool before_crop = read_before_crop(spec, "after_crop");
  spec.reject_unread_keys();
  return fast_aa_transform(read_fast_aa_policy(name, context), before_crop);
}

}  // namespace mra
