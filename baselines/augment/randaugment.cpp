#include "baselines/augment/randaugment.h"

#include <cmath>

#include "baselines/augment/autoaugment.h"
#include "harness/tasks/catalog.h"

namespace mra {

const std::vector<std::string>& randaugment_names(const std::string& impl) {
  static const std::vector<std::string> kSixteen = {
      "AutoContrast", "Equalize",   "Invert",     "Rotate",     "Posterize", "Solarize",
      "Color",        "Contrast",   "Brightness", "Sharpness",  "ShearX",    "ShearY",
      "TranslateX",   "TranslateY", "Cutout",     "SolarizeAdd"};
  static const std::vector<std::string> kWithoutCutout = {
      "AutoContrast", "Equalize",    "Invert", "Rotate",        "Posterize",
      "Solarize",     "SolarizeAdd", "Color",  "Contrast",      "Brightness",
      "Sharpness",    "ShearX",      "ShearY", "TranslateXRel", "TranslateYRel"};
  static const std::vector<std::string> kTorchvision = {
      "Identity", "ShearX",   "ShearY",    "TranslateX", "TranslateY", "Rotate",       "Brightness",
      "Color",    "Contrast", "Sharpness", "Posterize",  "Solarize",   "AutoContrast", "Equalize"};
  static const std::vector<std::string> kWithoutSolarizeAdd(kSixteen.begin(), kSixteen.end() - 1);
  if (impl == "tpu") return kSixteen;
  if (impl == "torchvision") return kTorchvision;
  return impl == "ildoonet" ? kWithoutSolarizeAdd : kWithoutCutout;
}

Sampling randaugment_sampling(const std::string& impl) {
  if (impl == "tpu") return {Resample::kNearest, {128, 128, 128}};
  if (impl.starts_with("timm")) return {Resample::kBicubic, {128, 128, 128}};
  return {};
}

NamedOp randaugment_op(const std::string& name, const RandAugmentOptions& options,
                       const OpDraw& draw, const Sampling& sampling, const PictureSize& size) {
  if (options.impl == "tpu") return tpu_op(name, options.magnitude, draw, sampling);
  if (options.impl == "ildoonet") return ildoonet_op(name, options.magnitude, draw, sampling);
  if (options.impl == "torchvision")
    return torchvision_op(name, int(options.magnitude), options.bins, draw, sampling, size);
  return timm_op(name, options.magnitude, options.impl == "timm_inc", draw, sampling);
}

/// timm applies each drawn operation with probability ½; the others apply all.
static OpDraw draw_op(const RandAugmentOptions& options, const PictureSize& size, Rng& rng) {
  OpDraw draw;
  draw.applied = !options.impl.starts_with("timm") || rng.uniform() < 0.5;
  draw.sign = rng.below(2) == 0 ? 1 : -1;
  if (options.impl == "tpu") {  // a whole pixel
    draw.x = double(rng.below(uint64_t(size.width_px)));
    draw.y = double(rng.below(uint64_t(size.height_px)));
  } else {
    draw.x = rng.uniform(0, size.width_px);
    draw.y = rng.uniform(0, size.height_px);
  }
  return draw;
}

std::vector<NamedOp> draw_randaugment(const RandAugmentOptions& options, const PictureSize& size,
                                      Rng& rng) {
  const auto& names = randaugment_names(options.impl);
  const Sampling sampling = randaugment_sampling(options.impl);
  std::vector<NamedOp> ops;
  for (int i = 0; i < options.count; ++i) {
    const std::string& name = names[rng.below(names.size())];
    const OpDraw draw = draw_op(options, size, rng);
    if (draw.applied) ops.push_back(randaugment_op(name, options, draw, sampling, size));
  }
  return ops;
}

/// Scales lengths in pixels, which are meant for pictures of 224 px, to another crop size. Before
/// the crop pictures have any size, so lengths are not scaled there.
static void scale_lengths(NamedOp& op, double scale) {
  if (op.name == "TranslateX" || op.name == "TranslateY" || op.name == "CutoutAbs")
    op.value *= scale;
  if (op.name == "CutoutSquare") op.value = std::floor(op.value * scale);
}

ImageTransform make_randaugment(SpecReader spec, const MethodContext& context) {
  RandAugmentOptions options;
  options.impl =
      spec.one_of("impl", options.impl, {"tpu", "torchvision", "timm", "timm_inc", "ildoonet"});
  options.count = int(spec.in_range<int64_t>("n", options.count, 0, 100));
  options.magnitude = spec.in_range("m", options.magnitude, 0.0, 30.0);
  const bool before_crop = read_before_crop(spec, "after_crop");
  spec.reject_unread_keys();
  const bool scales = !before_crop && options.impl != "torchvision";  // it uses the picture's size
  const double scale = scales ? context.input.size_px / 224.0 : 1.0;
  const auto change = [options, scale](Image& image, Rng& rng) {
    auto ops = draw_randaugment(options, {image.width_px, image.height_px}, rng);
    for (NamedOp& op : ops) scale_lengths(op, scale);
    apply_all(ops, image);
  };
  return {change, before_crop};
}

}  // namespace mra
