#pragma once

#include "baselines/augment/autoaugment.h"
#include "harness/data/image.h"

namespace mra {

struct MethodContext;

/// The operations of a sub-policy of Fast AutoAugment or DADA for one picture.
std::vector<NamedOp> fast_aa_ops(const SubPolicy& sub, const std::vector<OpDraw>& draws);

/// The draws of a sub-policy's operations for a picture of `size`.
std::vector<OpDraw> draw_fast_aa(const SubPolicy& sub, const PictureSize& size, Rng& rng);

/// A policy of either, every operation and level checked. `name`: as find_policy() takes it.
std::vector<SubPolicy> read_fast_aa_policy(const std::string& name, const MethodContext& context);

/// One sub-policy a picture, drawn uniformly; each operation by its own probability.
ImageTransform fast_aa_transform(std::vector<SubPolicy> policy, bool before_crop);

}  // namespace mra
