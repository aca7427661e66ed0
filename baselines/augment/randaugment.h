#pragma once

#include <vector>

#include "baselines/augment/op_levels.h"
#include "harness/base/rng.h"

namespace mra {

/// RandAugment (Cubuk et al. 2020): `count` operations drawn with replacement, all of one
/// magnitude.
struct RandAugmentOptions {
  std::string impl = "tpu";  ///< tpu (the authors'), torchvision, timm, timm_inc, ildoonet
  int count = 2;
  double magnitude = 9;
  int bins = 31;  ///< torchvision: levels, of which `magnitude` is one
};

/// Names of the operations that an implementation draws from.
const std::vector<std::string>& randaugment_names(const std::string& impl);

/// How an implementation reads pictures in geometric operations.
Sampling randaugment_sampling(const std::string& impl);

NamedOp randaugment_op(const std::string& name, const RandAugmentOptions& options,
                       const OpDraw& draw, const Sampling& sampling, const PictureSize& size);

/// What is to be done to one picture of `size`; applying it is no chance any more.
std::vector<NamedOp> draw_randaugment(const RandAugmentOptions& options, const PictureSize& size,
                                      Rng& rng);

}  // namespace mra
