#include "baselines/augment/mixing.h"
#include "harness/tasks/catalog.h"

namespace mra {

/// CutMix (Yun et al. 2019) with one box and one permutation for the whole batch.
BatchTransform make_cutmix(SpecReader spec, const MethodContext&) {
  const double beta = spec.in_range("beta", 1.0, 1e-6, 1e6);
  const double prob = spec.in_range("prob", 1.0, 0.0, 1.0);
  spec.reject_unread_keys();
  return mixing([beta, prob](Batch batch, Rng& rng) {
    if (rng.uniform() >= prob) return batch;
    const int64_t height = batch.images.size(2), width = batch.images.size(3);
    const double lambda = rng.beta(beta, beta);
    const auto permutation = draw_permutation(batch.images.size(0), rng);
    const auto row = int64_t(rng.below(uint64_t(height)));
    const auto column = int64_t(rng.below(uint64_t(width)));
    return paste_box(std::move(batch), permutation, mix_box(lambda, row, column, height, width));
  });
}

}  // namespace mra
