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

/// What chance decides about one stage of a sub-policy.
struct StageDraw {
  size_t choice = 0;              ///< which entry of the stage is done
  std::vector<HoleCorner> holes;  ///< when that entry is "Holes"
};

/// One entry a stage, by their weights; holes lie wherever they fit in whole.
std::vector<StageDraw> draw_stages(const SubPolicy& sub, const PictureSize& size, Rng& rng);

/// Does what was drawn, stage after stage, with scratch memory of the calling thread. Operations
/// are those of albumentations 0.5.2: other than Pillow's of the same name.
void apply_stages(const SubPolicy& sub, const std::vector<StageDraw>& draws, Image& image);

/// An Error of kind kUsage for a policy with an operation that is not of this family, a stage
/// without weight or a hole without size. `name` is that of the policy, for the message.
void check_stages(const std::vector<SubPolicy>& policy, const std::string& name);

}  // namespace mra
