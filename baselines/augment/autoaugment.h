#pragma once

#include "baselines/augment/op_levels.h"
#include "baselines/augment/policy_file.h"

namespace mra {

/// How the levels of an AutoAugment policy are interpreted.
struct AutoAugmentOptions {
  std::string impl = "paper";  ///< paper, torchvision
  Sampling sampling{Resample::kBilinear, {124, 116, 104}};
};

/// Returns the operations of a sub-policy for one picture, with the random draws applied.
std::vector<NamedOp> autoaugment_ops(const SubPolicy& sub, const AutoAugmentOptions& options,
                                     const std::vector<OpDraw>& draws, const PictureSize& size);

/// Draws for each operation of a sub-policy whether it is applied, and the sign.
std::vector<OpDraw> draw_ops(const SubPolicy& sub, Rng& rng);

/// Applies `ops` in order, using scratch memory of the calling thread.
void apply_all(const std::vector<NamedOp>& ops, Image& image);

}  // namespace mra
