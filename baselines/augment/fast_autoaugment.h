#pragma once

#include "baselines/augment/autoaugment.h"
#include "harness/data/image.h"

namespace mra {

struct MethodContext;

/// Returns the operations of a sub-policy of Fast AutoAugment or DADA for one picture.
std::vector<NamedOp> fast_aa_ops(const SubPolicy& sub, const std::vector<OpDraw>& draws);

/// Draws the random values of a sub-policy's operations for a picture of `size`.
std::vector<OpDraw> draw_fast_aa(const SubPolicy& sub, const PictureSize& size, Rng& rng);

/// Reads a policy of Fast AutoAugment or DADA and checks every operation and level. `name`: as for
/// find_policy().
std::vector<SubPolicy> read_fast_aa_policy(const std::string& name, const MethodContext& context);

/// Applies one uniformly drawn sub-policy to each picture, each operation with its own probability.
ImageTransform fast_aa_transform(std::vector<SubPolicy> policy, bool before_crop);

}  // namespace mra
