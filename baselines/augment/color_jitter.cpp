#include <algorithm>
#include <array>

#include "harness/data/image_ops.h"
#include "harness/data/named_op.h"
#include "harness/tasks/catalog.h"

namespace mra {

namespace {

enum Change { kBrightness, kContrast, kSaturation, kHue, kChanges };

/// Range of each change: factors in 1 ± range; for the hue, ± range in turns of the colour circle.
using Ranges = std::array<double, kChanges>;

void apply(Change change, double amount, Image& image) {
  if (change == kBrightness) brightness(image, amount);
  if (change == kContrast) contrast(image, amount);
  if (change == kSaturation) color(image, amount);
  if (change == kHue) hue(image, amount);
  static constexpr const char* kNames[] = {"brightness", "contrast", "saturation", "hue"};
  note_op(kNames[change], amount);
}

double draw_amount(Change change, double range, Rng& rng) {
  return change == kHue ? rng.uniform(-range, range)
                        : rng.uniform(std::max(0.0, 1 - range), 1 + range);
}

}  // namespace

/// Changes brightness, contrast, saturation and hue of 8-bit pictures by drawn amounts, in a drawn
/// order (torchvision's ColorJitter) or, with "fixed_order", in this order (CloserLookFewShot).
ImageTransform make_color_jitter(SpecReader spec, const MethodContext&) {
  const Ranges ranges = {
      spec.in_range("brightness", 0.0, 0.0, 1e3), spec.in_range("contrast", 0.0, 0.0, 1e3),
      spec.in_range("saturation", 0.0, 0.0, 1e3), spec.in_range("hue", 0.0, 0.0, 0.5)};
  const bool fixed_order = spec.optional("fixed_order", false);
  spec.reject_unread_keys();
  return [ranges, fixed_order](Image& image, Rng& rng) {
    std::array<Change, kChanges> order = {kBrightness, kContrast, kSaturation, kHue};
    if (!fixed_order)
      for (size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[rng.below(i + 1)]);
    for (const Change change : order)
      if (ranges[change] > 0) apply(change, draw_amount(change, ranges[change], rng), image);
  };
}

}  // namespace mra
