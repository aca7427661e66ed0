#pragma once

#include "baselines/augment/mra_augment.h"
#include "baselines/augment/mra_fit.h"
#include "harness/tasks/catalog.h"

namespace mra {

/// MRA as configured by a spec: the frozen augmentor, in evaluation mode on the context's device.
struct LoadedMra {
  MaskedAutoencoder model{nullptr};
  MraOptions options;
  std::string precision;  ///< of the augmentor's forward passes; default: the run's
  MraFit fit;             ///< converts the run's pictures for the augmentor, and back
};

/// Reads and checks every option. "weights" names the augmentor.
LoadedMra load_mra(SpecReader spec, const MethodContext& context);

/// Returns uniform noise, a row per picture in the order of the batch: [N,L] f32 on `device`.
torch::Tensor draw_noise(int64_t pictures, int64_t patches, Rng& rng, torch::Device device);

}  // namespace mra
