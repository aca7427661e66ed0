#pragma once

#include <array>
#include <string>

#include <torch/torch.h>

namespace mra {

/// A rectangle of a picture, in pixels from its top left corner.
struct OcclusionBox {
  int64_t top = 0, left = 0, height = 0, width = 0;
};

/// Returns the centred square of side `hole_px`. If it cannot be centred exactly, it is half a
/// pixel closer to the top left corner. Throws an Error when the picture is smaller.
OcclusionBox centred_hole(int64_t image_px, int64_t hole_px);

/// Which part of a picture is covered.
enum class OcclusionMode {
  kBoundary,  ///< all but the hole; a hole of 0 px covers the whole picture
  kCentre,    ///< the hole
};
/// Returns the mode for "boundary" or "centre". Throws an Error at `where` for another name.
OcclusionMode occlusion_mode(const std::string& name, const std::string& where);

/// Returns the value of covered pixels in each channel of the normalised picture. "norm_zero": 0,
/// the mean colour; "black": a pixel of 0, normalised. Throws an Error at `where` for another name.
std::array<float, 3> occlusion_fill(const std::string& name, const std::array<float, 3>& mean,
                                    const std::array<float, 3>& std, const std::string& where);

/// Covers a part of each picture (Figure 4). The other pixels stay bitwise equal. The values of
/// covered pixels are not read, so NaN or infinity there cannot spread.
torch::Tensor occlude(const torch::Tensor& images,  // [N,3,S,S] -> same
                      int64_t hole_px, OcclusionMode mode, const std::array<float, 3>& fill = {});

}  // namespace mra
