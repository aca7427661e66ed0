#include "baselines/augment/mixing.h"

#include <algorithm>
#include <cmath>

namespace mra {

using torch::indexing::Slice;

MixBox mix_box(double lambda, int64_t center_row, int64_t center_col, int64_t height,
               int64_t width) {
  const double side_frac = std::sqrt(1.0 - lambda);
  const auto half_height = int64_t(double(height) * side_frac) / 2;
  const auto half_width = int64_t(double(width) * side_frac) / 2;
  return {std::clamp<int64_t>(center_row - half_height, 0, height),
          std::clamp<int64_t>(center_row + half_height, 0, height),
          std::clamp<int64_t>(center_col - half_width, 0, width),
          std::clamp<int64_t>(center_col + half_width, 0, width)};
}

double share_outside(const MixBox& box, int64_t height, int64_t width) {
  const int64_t area = (box.bottom - box.top) * (box.right - box.left);
  return 1.0 - double(area) / double(height * width);
}

torch::Tensor draw_permutation(int64_t pictures, Rng& rng) {
  auto permutation = torch::arange(pictures, torch::kInt64);
  auto* places = permutation.data_ptr<int64_t>();
  for (int64_t i = pictures - 1; i > 0; --i)
    std::swap(places[i], places[rng.below(uint64_t(i) + 1)]);
  return permutation;
}

torch::Tensor mix_targets(const torch::Tensor& targets, const torch::Tensor& permutation,
                          double lambda) {
  return lambda * targets + (1.0 - lambda) * targets.index_select(0, permutation);
}

Batch paste_box(Batch batch, const torch::Tensor& permutation, const MixBox& box) {
  const auto order = permutation.to(batch.images.device());
  const int64_t height = batch.images.size(2), width = batch.images.size(3);
  const std::vector<torch::indexing::TensorIndex> place = {
      Slice(), Slice(), Slice(box.top, box.bottom), Slice(box.left, box.right)};
  // Gathered before anything is written: a picture may be somebody's partner.
  const torch::Tensor patches = batch.images.index(place).index_select(0, order);
  batch.images = batch.images.clone();
  batch.images.index_put_(place, patches);
  batch.targets = mix_targets(batch.targets, order, share_outside(box, height, width));
  return batch;
}

}  // namespace mra
