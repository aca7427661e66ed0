// Golden kinds of what the figures compute: occlusion and Grad-CAM.
#include <gtest/gtest.h>

#include "harness/data/heat_overlay.h"
#include "harness/model/grad_cam.h"
#include "harness/model/occlusion.h"
#include "tests/golden_model/kinds.h"
#include "tests/golden_model/tiny_resnet.h"

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

// --- Grad-CAM

Tensors grad_cam_case(const Json& options, const Tensors& inputs) {
  if (options.at("model") != "tiny_resnet") not_built("Grad-CAM of another network");
  TinyResnet net(options.at("num_classes").get<int64_t>());
  assign_weights(*net, with_prefix(inputs, "weights/"), "golden case");
  const bool labelled = options.at("target") == "label";
  const GradCam cam =
      grad_cam(*net, inputs.at("image"), labelled ? inputs.at("labels") : torch::Tensor());
  // The library of the reference normalises once more after enlarging; the paper's figure does not.
  const auto lifted = cam.map - cam.map.amin({1, 2}, true);
  return {{"logits", cam.logits},
          {"cam", cam.cam},
          {"map", cam.map},
          {"map_renormalised", lifted / (lifted.amax({1, 2}, true) + 1e-7)}};
}

std::span<const float> values(const torch::Tensor& tensor) {
  return {tensor.data_ptr<float>(), size_t(tensor.numel())};
}

Tensors cam_overlay_case(const Json& options, const Tensors& inputs) {
  if (options.at("colour_map") != "jet" || options.at("image_weight") != 0.5)
    not_built("another overlay");
  const auto colours = jet_colours();
  const auto expected = inputs.at("jet").contiguous();
  EXPECT_TRUE(std::equal(expected.data_ptr<uint8_t>(), expected.data_ptr<uint8_t>() + 256 * 3,
                         colours.front().data()));
  std::vector<torch::Tensor> overlays;
  for (int64_t i = 0; i < inputs.at("map").size(0); ++i) {
    const auto map = inputs.at("map")[i].to(torch::kFloat32).contiguous();
    const auto image = inputs.at("image")[i].to(torch::kFloat32).contiguous();
    const int64_t height = map.size(0), width = map.size(1);
    const Image overlay = heat_overlay(values(map), values(image), int(height), int(width));
    overlays.push_back(torch::tensor(std::vector<int64_t>(overlay.rgb.begin(), overlay.rgb.end()))
                           .view({height, width, 3}));
  }
  return {{"overlay", torch::stack(overlays)}};
}

}  // namespace

void add_figure_kinds(TensorKinds& kinds) {
  kinds["occlusion"] = occlusion_case;
  kinds["occlusion_box"] = occlusion_box_case;
  kinds["grad_cam"] = grad_cam_case;
  kinds["cam_overlay"] = cam_overlay_case;
}

}  // namespace mra
