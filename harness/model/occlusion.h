#pragma once

#include <array>
#include <string>

#include <torch/torch.h>

namespace mra {

/// A rectangle of a picture, in pixels from its top left corner.
struct OcclusionBox {
  int64_t top = 0, left = 0, height = 0, width = 0;
};

/// The centred square of side `hole_px` in a square picture; where it cannot be centred exactly, it
/// lies half a pixel towards the top left corner. An Error when the picture is smaller.
OcclusionBox centred_hole(int64_t image_px, int64_t hole_px);

/// Which part of a picture is covered.
enum class OcclusionMode {
  kBoundary,  ///< all but the hole; a hole of 0 px covers the whole picture
  kCentre,    ///< the hole
};
/// The mode that a spec names "boundary" or "centre". Another name is an Error at `where`.
OcclusionMode occlusion_mode(const std::string& name, const std::string& where);

/// The value of covered pixels, per channel of the normalised picture. "norm_zero": 0, the mean
/// colour; "black": a pixel of 0, normalised. Another name is an Error at `where`.
std::array<float, 3> occlusion_fill(const std::string& name, const std::array<float, 3>& mean,
                                    const std::array<float, 3>& std, const std::string& where);

/// Covers a part of each picture (Figure 4). The other pixels stay bitwise equal. The values of
/// covered pixels are never read, so that NaN or infinity there cannot spread.
torch::Tensor occlude(const torch::Tensor& images,  // [N,3,S,S] -> same
                      int64_t hole_px, OcclusionMode mode, const std::array<float, 3>& fill = {});

}  // namespace mra
