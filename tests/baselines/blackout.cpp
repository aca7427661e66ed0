#include "harness/tasks/catalog.h"

namespace mra {

/// Blacks out whole batches.
BatchTransform make_blackout(SpecReader options, const MethodContext&) {
  const double prob = options.in_range("prob", 0.0, 1.0);
  options.reject_unread_keys();
  return [prob](Batch batch, Rng& rng) {
    if (rng.uniform() < prob) batch.images.zero_();
    return batch;
  };
}

}  // namespace mra
