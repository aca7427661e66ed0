#include "baselines/augment/randaugment_fixmatch.h"

#include "baselines/augment/autoaugment.h"
#include "harness/tasks/catalog.h"

namespace mra {

namespace {

/// An operation and the range from which its value is drawn.
struct Range {
  const char* op;
  double low = 0, high = 0;
};

constexpr Range kRanges[] = {{"AutoContrast"},
                             {"Brightness", 0.05, 0.95},
                             {"Color", 0.05, 0.95},
                             {"Contrast", 0.05, 0.95},
                             {"Equalize"},
                             {"Identity"},
                             {"Posterize", 4, 8},
                             {"Rotate", -30, 30},
                             {"Sharpness", 0.05, 0.95},
                             {"ShearX", -0.3, 0.3},
                             {"ShearY", -0.3, 0.3},
                             {"Solarize", 0, 256},
                             {"TranslateXRel", -0.3, 0.3},
                             {"TranslateYRel", -0.3, 0.3}};

}  // namespace

std::vector<NamedOp> draw_randaugment_fixmatch(int64_t count, int height_px, int width_px,
                                               Rng& rng) {
  std::vector<NamedOp> ops;
  for (int64_t i = 0; i < count; ++i) {
    const Range& range = kRanges[rng.below(std::size(kRanges))];
    ops.push_back({range.op, rng.uniform(range.low, range.high), {}, 0, 0});
  }
  const double side_frac = rng.uniform(0, 0.5), x = rng.uniform(0, width_px);
  ops.push_back({"Cutout", side_frac, {}, x, rng.uniform(0, height_px)});
  return ops;
}

/// RandAugment of FixMatch (Sohn et al. 2020) as in TorchSSL: operations drawn with replacement,
/// each with a magnitude of its own, and one cutout at the end. Applied before the crop.
ImageTransform make_randaugment_fixmatch(SpecReader spec, const MethodContext&) {
  const auto count = spec.in_range<int64_t>("n", 3, 0, 100);
  spec.reject_unread_keys();
  const auto change = [count](Image& image, Rng& rng) {
    apply_all(draw_randaugment_fixmatch(count, image.height_px, image.width_px, rng), image);
  };
  return {change, /*before_crop=*/true};
}

}  // namespace mra
