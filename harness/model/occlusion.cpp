#include "harness/model/occlusion.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

OcclusionBox centred_hole(int64_t image_px, int64_t hole_px) {
  check(hole_px >= 0 && hole_px <= image_px, ErrorKind::kUsage, "hole",
        fmt::format("{} px do not fit a picture of {} px", hole_px, image_px),
        fmt::format("give 0 … {}", image_px));
  const int64_t corner = (image_px - hole_px) / 2;
  return {corner, corner, hole_px, hole_px};
}

OcclusionMode occlusion_mode(const std::string& name, const std::string& where) {
  check(name == "boundary" || name == "centre", ErrorKind::kUsage, where,
        fmt::format("unknown mode '{}'", name), "known: boundary, centre");
  return name == "boundary" ? OcclusionMode::kBoundary : OcclusionMode::kCentre;
}

std::array<float, 3> occlusion_fill(const std::string& name, const std::array<float, 3>& mean,
                                    const std::array<float, 3>& std, const std::string& where) {
  check(name == "norm_zero" || name == "black", ErrorKind::kUsage, where,
        fmt::format("unknown fill '{}'", name), "known: norm_zero, black");
  if (name == "norm_zero") return {};
  return {-mean[0] / std[0], -mean[1] / std[1], -mean[2] / std[2]};
}

/// Returns a view of the pixels in `box`: [N,3,S,S] -> [N,3,height,width].
static torch::Tensor part(const torch::Tensor& images, const OcclusionBox& box) {
  return images.narrow(2, box.top, box.height).narrow(3, box.left, box.width);
}

torch::Tensor occlude(const torch::Tensor& images, int64_t hole_px, OcclusionMode mode,
                      const std::array<float, 3>& fill) {
  check(images.dim() == 4 && images.size(1) == 3 && images.size(2) == images.size(3),
        ErrorKind::kUsage, "occlusion", "expected square pictures of three channels",
        "crop them to squares first");
  const torch::NoGradGuard no_grad;
  const OcclusionBox hole = centred_hole(images.size(2), hole_px);
  const auto colour = torch::tensor({fill[0], fill[1], fill[2]}, images.options()).view({3, 1, 1});
  if (mode == OcclusionMode::kCentre) {
    auto output = images.clone();
    part(output, hole).copy_(colour.expand({3, hole.height, hole.width}));
    return output;
  }
  auto output = torch::empty_like(images);
  output.copy_(colour.expand_as(images));
  part(output, hole).copy_(part(images, hole));
  return output;
}

}  // namespace mra
