#include "baselines/augment/mixup.h"

#include "harness/tasks/catalog.h"
#include "harness/train/device.h"

namespace mra {

Batch mix_up(Batch batch, const torch::Tensor& permutation, double lambda) {
  const auto order = uploaded(permutation, batch.images.device());
  batch.images = mix_images(batch.images, order, lambda);
  batch.targets = mix_targets(batch.targets, order, lambda);
  return batch;
}

/// Mixup (Zhang et al. 2018) with one weight and one permutation for the whole batch.
BatchTransform make_mixup(SpecReader spec, const MethodContext&) {
  // 1 in the ImageNet comparison that the paper cites; Mixup's own choice there is 0.2.
  const double alpha = spec.in_range("alpha", 1.0, 1e-6, 1e6);
  spec.reject_unread_keys();
  return mixing([alpha](Batch batch, Rng& rng) {
    const double lambda = rng.beta(alpha, alpha);
    const auto permutation = draw_permutation(batch.images.size(0), rng);
    return mix_up(std::move(batch), permutation, lambda);
  });
}

}  // namespace mra
