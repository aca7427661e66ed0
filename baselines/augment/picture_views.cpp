#include "baselines/augment/picture_views.h"

namespace mra {

torch::Tensor as_grey(const torch::Tensor& maps) {
  const auto low = maps.amin({1, 2}, true), high = maps.amax({1, 2}, true);
  const auto unit = (maps - low) / (high - low).clamp_min(1e-12);
  return unit.unsqueeze(1).expand({-1, 3, -1, -1}).cpu().contiguous();
}

torch::Tensor denormalised(const torch::Tensor& images, const InputOptions& input) {
  const auto constant = [](const std::array<float, 3>& values) {
    return torch::tensor({values[0], values[1], values[2]}).view({1, 3, 1, 1});
  };
  return (images.cpu() * constant(input.std) + constant(input.mean)).clamp(0, 1);
}

}  // namespace mra
