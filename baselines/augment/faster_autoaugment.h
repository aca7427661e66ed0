#pragma once

#include <string>
#include <vector>

#include "baselines/augment/op_levels.h"
#include "baselines/augment/policy_file.h"
#include "harness/base/rng.h"
#include "harness/data/image.h"

namespace mra {

/// The upper left corner of a hole.
struct HoleCorner {
  int row = 0, column = 0;
};

/// The random draws for one stage of a sub-policy.
struct StageDraw {
  size_t choice = 0;              ///< the entry of the stage to apply
  std::vector<HoleCorner> holes;  ///< when that entry is "Holes"
};

/// Draws one entry for each stage by the weights, and corners so that holes lie within the picture.
std::vector<StageDraw> draw_stages(const SubPolicy& sub, const PictureSize& size, Rng& rng);

/// Applies the drawn entries, stage after stage, using scratch memory of the calling thread. The
/// operations are those of albumentations 0.5.2, which differ from Pillow's of the same name.
void apply_stages(const SubPolicy& sub, const std::vector<StageDraw>& draws, Image& image);

/// Throws an Error of kind kUsage for a policy with an operation that is not of this family, a
/// stage without weight or a hole without size. `name`: the policy's, for the message.
void check_stages(const std::vector<SubPolicy>& policy, const std::string& name);

}  // namespace mra
