// Golden kinds of what the figures compute: occlusion.
#include "harness/model/occlusion.h"
#include "tests/golden_model/kinds.h"

namespace mra {
namespace {

constexpr std::array<float, 3> kMean{0.485f, 0.456f, 0.406f}, kStd{0.229f, 0.224f, 0.225f};

Tensors occlusion_case(const Json& options, const Tensors& inputs) {
  if (options.at("placement") != "centre") not_built("a hole elsewhere than in the centre");
  const OcclusionMode mode = occlusion_mode(options.at("mode"), "golden case");
  const auto fill = occlusion_fill(options.at("fill"), kMean, kStd, "golden case");
  std::vector<torch::Tensor> covered;
  for (const int64_t hole_px : options.at("holes").get<std::vector<int64_t>>())
    covered.push_back(occlude(inputs.at("image"), hole_px, mode, fill));
  return {{"output", torch::stack(covered)}};
}

Tensors occlusion_box_case(const Json& options, const Tensors&) {
  if (options.at("placement") != "centre") not_built("a hole elsewhere than in the centre");
  std::vector<int64_t> boxes;
  for (const int64_t hole_px : options.at("holes").get<std::vector<int64_t>>()) {
    const OcclusionBox box = centred_hole(options.at("image"), hole_px);
    boxes.insert(boxes.end(), {box.top, box.left, box.height, box.width});
  }
  return {{"box", torch::tensor(boxes).view({-1, 4})}};
}

}  // namespace

void add_figure_kinds(TensorKinds& kinds) {
  kinds["occlusion"] = occlusion_case;
  kinds["occlusion_box"] = occlusion_box_case;
}

}  // namespace mra
