#include "baselines/augment/mixing.h"
#include "harness/train/device.h"

#include <algorithm>
#include <cmath>

namespace mra {

BatchTransform mixing(BatchTransform::Apply apply, BatchTransform::Views views) {
  BatchTransform transform(std::move(apply));
  transform.mixes = true;
  transform.views = std::move(views);
  return transform;
}

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

/// Whether the pictures are f32 on the CPU, one after the other in memory, in any layout.
static bool are_plain_rows(const torch::Tensor& images) {
  return images.is_cpu() && images.scalar_type() == torch::kFloat32 &&
         images.is_non_overlapping_and_dense() &&
         (images.size(0) < 2 || images.stride(0) == images[0].numel());
}

torch::Tensor mix_images(const torch::Tensor& images, const torch::Tensor& permutation,
                         double lambda) {
  if (!are_plain_rows(images))
    return lambda * images + (1.0 - lambda) * images.index_select(0, permutation);
  // One pass over memory; index_select() would need three and lose the memory layout.
  auto mixed = torch::empty_like(images);
  const int64_t size = images.numel() / std::max<int64_t>(1, images.size(0));
  const auto own_share = float(lambda), other_share = float(1.0 - lambda);
  const float* from = images.data_ptr<float>();
  const int64_t* partners = permutation.data_ptr<int64_t>();
  float* to = mixed.data_ptr<float>();
  at::parallel_for(0, images.size(0), 1, [&](int64_t begin, int64_t end) {
    for (int64_t picture = begin; picture < end; ++picture) {
      const float *own = from + picture * size, *other = from + partners[picture] * size;
      float* out = to + picture * size;
      for (int64_t i = 0; i < size; ++i) out[i] = own_share * own[i] + other_share * other[i];
    }
  });
  return mixed;
}

torch::Tensor mix_targets(const torch::Tensor& targets, const torch::Tensor& permutation,
                          double lambda) {
  return lambda * targets + (1.0 - lambda) * targets.index_select(0, permutation);
}

Batch paste_box(Batch batch, const torch::Tensor& permutation, const MixBox& box) {
  const auto order = uploaded(permutation, batch.images.device());
  const int64_t height = batch.images.size(2), width = batch.images.size(3);
  const std::vector<torch::indexing::TensorIndex> place = {
      Slice(), Slice(), Slice(box.top, box.bottom), Slice(box.left, box.right)};
  // Copied before anything is written, because every picture is also the partner of another.
  const torch::Tensor patches = batch.images.index(place).index_select(0, order);
  batch.images = batch.images.clone();
  batch.images.index_put_(place, patches);
  batch.targets = mix_targets(batch.targets, order, share_outside(box, height, width));
  return batch;
}

}  // namespace mra
