#pragma once

#include <vector>

#include "baselines/augment/op_levels.h"
#include "harness/base/rng.h"

namespace mra {

/// RandAugment (Cubuk et al. 2020): `count` operations, drawn with replacement, all with the same
/// magnitude.
struct RandAugmentOptions {
  std::string impl = "tpu";  ///< tpu (the authors'), torchvision, timm, timm_inc, ildoonet
  int count = 2;
  double magnitude = 9;
  int bins = 31;  ///< torchvision: number of levels; `magnitude` is the index of one
};

/// Returns the names of the operations that an implementation draws from.
const std::vector<std::string>& randaugment_names(const std::string& impl);

/// Returns the interpolation and fill colour of an implementation's geometric operations.
Sampling randaugment_sampling(const std::string& impl);

NamedOp randaugment_op(const std::string& name, const RandAugmentOptions& options,
                       const OpDraw& draw, const Sampling& sampling, const PictureSize& size);

/// Draws the operations for one picture of `size`. Applying them is deterministic.
std::vector<NamedOp> draw_randaugment(const RandAugmentOptions& options, const PictureSize& size,
                                      Rng& rng);

}  // namespace mra
