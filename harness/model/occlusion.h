#pragma once

#include <array>
#include <string>

#include <torch/torch.h>

namespace mra {

/// A rectangle of a picture, in pixels from its top left corner.
struct OcclusionBox {
  int64_t top = 0, left = 0, height = 0, width = 0;
};

/// The square of side `hole_px` in the middle of a square picture; where it cannot lie exactly in
/// the middle, it lies half a pixel towards the top left corner.
OcclusionBox centred_hole(int64_t image_px, int64_t hole_px);

/// Which part of a picture is covered.
enum class OcclusionMode {
  kBoundary,  ///< all but the hole: nothing is left of a hole of 0, everything of a whole one
  kCentre,    ///< the hole
};
/// By the name a spec gives: "boundary", "centre". Another is an Error at `where`.
OcclusionMode occlusion_mode(const std::string& name, const std::string& where);

/// What stands where a picture is covered, as a value per channel of the normalised picture.
/// "norm_zero": 0, the mean colour; "black": a pixel of 0. Another name is an Error at `where`.
std::array<float, 3> occlusion_fill(const std::string& name, const std::array<float, 3>& mean,
                                    const std::array<float, 3>& std, const std::string& where);

/// Square pictures with a part of each covered (Figure 4). The other pixels stay bitwise equal and
/// covered ones are not looked at, so that a value that is not finite cannot leak.
torch::Tensor occlude(const torch::Tensor& images,  // [N,3,S,S] -> same
                      int64_t hole_px, OcclusionMode mode, const std::array<float, 3>& fill = {});

}  // namespace mra
