#include "baselines/mask_statistics.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/geometry.h"
#include "harness/train/metrics.h"

namespace mra {

MeanOverPictures mean_over_pictures(const std::vector<double>& values) {
  check(!values.empty(), ErrorKind::kUsage, "mask statistics",
        "there is no picture to average over", "judge at least one picture with an object");
  return {mean(values), interval_half_width(values), int64_t(values.size())};
}

/// Enlarges one value per patch to pixels: [N,L] -> [N,H,W].
static torch::Tensor as_pixels(const torch::Tensor& patches, int64_t height, int64_t width) {
  const auto grid = int64_t(std::lround(std::sqrt(double(patches.size(1)))));
  check(
      grid * grid == patches.size(1) && height == width && height % grid == 0, ErrorKind::kUsage,
      "mask statistics",
      fmt::format("{} patches do not tile a picture of {} x {} px", patches.size(1), height, width),
      "give objects in the size that the augmentor sees");
  return patches.view({-1, grid, grid})
      .repeat_interleave(height / grid, 1)
      .repeat_interleave(width / grid, 2);
}

std::vector<double> object_seen_fracs(const torch::Tensor& hidden, const torch::Tensor& objects) {
  const auto object = objects.to(torch::kFloat64).cpu();
  const auto seen = 1 - as_pixels(hidden.to(torch::kFloat64).cpu(), object.size(1), object.size(2));
  const auto whole = object.sum({1, 2}).contiguous();
  const auto left = (object * seen).sum({1, 2}).contiguous();
  std::vector<double> fracs;
  for (int64_t i = 0; i < whole.size(0); ++i)
    if (whole.data_ptr<double>()[i] > 0)
      fracs.push_back(left.data_ptr<double>()[i] / whole.data_ptr<double>()[i]);
  return fracs;
}

torch::Tensor objects_as_seen(const Dataset& dataset, const std::vector<int64_t>& indices,
                              const InputOptions& input) {
  auto objects =
      torch::empty({int64_t(indices.size()), input.size_px, input.size_px}, torch::kUInt8);
  Resizer resizer;
  Image drawn;
  std::vector<uint8_t> seen(size_t(input.size_px) * size_t(input.size_px) * 3);
  uint8_t* out = objects.data_ptr<uint8_t>();
  for (const int64_t index : indices) {
    const auto mask = dataset.object_mask(index);
    const auto side = int(std::lround(std::sqrt(double(mask.size()))));
    drawn.resize(side, side);
    for (size_t i = 0; i < mask.size(); ++i) std::fill_n(&drawn.rgb[3 * i], 3, 255 * mask[i]);
    center_crop(drawn, input.eval_resize_px, input.size_px, ResizeFilter::kBilinear, resizer,
                seen.data());
    for (size_t i = 0; i < seen.size(); i += 3) *out++ = seen[i] >= 128;
  }
  return objects;
}

PlaceShare place_share(const torch::Tensor& scores) {
  const int64_t pictures = scores.size(0), patches = scores.size(1);
  check(pictures >= 2 && patches >= 2, ErrorKind::kUsage, "mask statistics",
        "needs at least two pictures and two patches", "score more pictures");
  const auto given = scores.to(torch::kFloat64).cpu();
  check(given.isfinite().all().item<bool>(), ErrorKind::kFailure, "mask statistics",
        "scores of patches are not finite", "check the augmentor's weights");
  const auto within = given - given.mean(1, true);
  const auto of_place = within.mean(0, true);
  const double freedom = double(patches - 1);
  const double rest =
      (within - of_place).square().sum().item<double>() / (double(pictures - 1) * freedom);
  const double place = of_place.square().sum().item<double>() / freedom - rest / double(pictures);
  PlaceShare result;
  result.mean_score = given.mean(0);
  const double rounding = 1e-24 * given.square().mean().item<double>();
  if (place > rounding) result.share_frac = std::min(1.0, place / (place + rest));
  return result;
}

}  // namespace mra
