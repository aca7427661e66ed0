#include "baselines/augment/picture_views.h"

#include "harness/train/device.h"

namespace mra {

torch::Tensor as_grey(const torch::Tensor& maps) {
  const auto low = maps.amin({1, 2}, true), high = maps.amax({1, 2}, true);
  const auto unit = (maps - low) / (high - low).clamp_min(1e-12);
  return unit.unsqueeze(1).expand({-1, 3, -1, -1}).cpu().contiguous();
}

torch::Tensor denormalised(const torch::Tensor& images, const InputOptions& input) {
  return (images.cpu() * per_channel(input.std, torch::kCPU) + per_channel(input.mean, torch::kCPU))
      .clamp(0, 1);
}

}  // namespace mra
