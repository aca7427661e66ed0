#include "baselines/augment/cutout.h"

#include <algorithm>

#include "harness/tasks/catalog.h"
#include "harness/train/device.h"

namespace mra {

using torch::indexing::Slice;

/// The same by one mask: on a GPU each picture's square would be an operation of its own.
static torch::Tensor cut_out_by_mask(const torch::Tensor& images, int64_t size_px,
                                     const std::vector<std::pair<int64_t, int64_t>>& centers) {
  const auto count = int64_t(centers.size());
  auto first = torch::empty({2, count, 1}, torch::kInt64);  // row, column of each square
  auto* values = first.data_ptr<int64_t>();
  for (const auto& [row, column] : centers) {
    values[count] = column - size_px / 2;
    *values++ = row - size_px / 2;
  }
  first = uploaded(first, images.device());
  const auto inside = [&](int64_t axis, int64_t side) {
    const auto places = torch::arange(side, first.options());
    return places.ge(first[axis]).logical_and(places.lt(first[axis] + size_px / 2 * 2));
  };
  const auto rows = inside(0, images.size(2)), columns = inside(1, images.size(3));  // [N,H], [N,W]
  return images.masked_fill(
      rows.view({count, 1, -1, 1}).logical_and(columns.view({count, 1, 1, -1})), 0);
}

torch::Tensor cut_out(const torch::Tensor& images, int64_t size_px,
                      const std::vector<std::pair<int64_t, int64_t>>& centers) {
  if (!images.is_cpu()) return cut_out_by_mask(images, size_px, centers);
  const int64_t height = images.size(2), width = images.size(3), half = size_px / 2;
  torch::Tensor output = images.clone();
  for (size_t i = 0; i < centers.size(); ++i) {
    const auto [row, column] = centers[i];
    const auto within = [half](int64_t center, int64_t side) {
      return Slice(std::clamp<int64_t>(center - half, 0, side),
                   std::clamp<int64_t>(center + half, 0, side));
    };
    output.index({int64_t(i), Slice(), within(row, height), within(column, width)}).zero_();
  }
  return output;
}

/// Cutout (DeVries and Taylor 2017): one square in every picture, with a uniformly drawn centre.
BatchTransform make_cutout(SpecReader spec, const MethodContext& context) {
  // Fraction of the picture's side: 112 of 224 px in the comparison that the paper cites.
  const double size_frac = spec.in_range("size_frac", 0.5, 0.0, 2.0);
  const auto size_px = int64_t(size_frac * context.input.size_px);
  spec.reject_unread_keys();
  return [size_px](Batch batch, Rng& rng) {
    std::vector<std::pair<int64_t, int64_t>> centers(size_t(batch.images.size(0)));
    for (auto& [row, column] : centers) {
      row = int64_t(rng.below(uint64_t(batch.images.size(2))));
      column = int64_t(rng.below(uint64_t(batch.images.size(3))));
    }
    batch.images = cut_out(batch.images, size_px, centers);
    return batch;
  };
}

}  // namespace mra
