#pragma once

#include "baselines/augment/op_levels.h"
#include "baselines/augment/policy_file.h"

namespace mra {

/// How levels of an AutoAugment policy are understood.
struct AutoAugmentOptions {
  std::string impl = "paper";  ///< paper, torchvision
  Sampling sampling{Resample::kBilinear, {124, 116, 104}};
};

/// The operations that a sub-policy is for one picture, chance being given.
std::vector<NamedOp> autoaugment_ops(const SubPolicy& sub, const AutoAugmentOptions& options,
                                     const std::vector<OpDraw>& draws, const PictureSize& size);

/// The draws of a sub-policy's operations: whether applied, and the sign.
std::vector<OpDraw> draw_ops(const SubPolicy& sub, Rng& rng);

/// Applies them in order, with scratch memory of the calling thread.
void apply_all(const std::vector<NamedOp>& ops, Image& image);

}  // namespace mra
