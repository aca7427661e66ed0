#include "baselines/augment/saliencymix.h"

#include <algorithm>

#include "baselines/augment/picture_views.h"
#include "baselines/augment/saliency.h"
#include "harness/tasks/catalog.h"
#include "harness/train/device.h"

namespace mra {

std::vector<uint8_t> to_bgr_bytes(const torch::Tensor& image, const std::array<float, 3>& mean,
                                  const std::array<float, 3>& std) {
  torch::Tensor bytes = (image.to(torch::kCPU) * per_channel(std, torch::kCPU)[0] +
                         per_channel(mean, torch::kCPU)[0]) *
                        255;
  bytes = bytes.clamp(0, 255).round().to(torch::kUInt8).flip(0).permute({1, 2, 0}).contiguous();
  return {bytes.data_ptr<uint8_t>(), bytes.data_ptr<uint8_t>() + bytes.numel()};
}

torch::Tensor saliency_maps(const torch::Tensor& images, const InputOptions& input) {
  const int64_t height = images.size(2), width = images.size(3);
  auto maps = torch::empty({images.size(0), height, width});
  for (int64_t i = 0; i < images.size(0); ++i) {
    const auto bgr = to_bgr_bytes(images[i], input.mean, input.std);
    const auto map = fine_grained_saliency(bgr.data(), int(height), int(width));
    std::copy(map.begin(), map.end(), maps[i].data_ptr<float>());
  }
  return maps;
}

BatchTransform::Views saliency_views(const InputOptions& input) {
  return [input](const torch::Tensor& images) -> std::vector<MethodView> {
    return {{"saliency", as_grey(saliency_maps(images, input))}};
  };
}

std::vector<float> to_pixels(const torch::Tensor& image) {
  const torch::Tensor pixels = image.to(torch::kCPU).permute({1, 2, 0}).contiguous();
  return {pixels.data_ptr<float>(), pixels.data_ptr<float>() + pixels.numel()};
}

std::pair<int64_t, int64_t> first_peak(const std::vector<uint8_t>& map, int64_t width) {
  const int64_t place = std::max_element(map.begin(), map.end()) - map.begin();
  return {place / width, place % width};
}

std::pair<int64_t, int64_t> most_salient(const torch::Tensor& image, const InputOptions& input,
                                         SaliencyInput looked_at) {
  const auto height = int(image.size(1)), width = int(image.size(2));
  const auto map =
      looked_at == SaliencyInput::kPicture
          ? fine_grained_saliency(to_bgr_bytes(image, input.mean, input.std).data(), height, width)
          : saliency_of_float_bytes(to_pixels(image).data(), height, width);
  return first_peak(map, width);
}

/// SaliencyMix (Uddin et al. 2021): CutMix with the box around the most salient pixel of one
/// picture of the batch, the partner of the first.
BatchTransform make_saliencymix(SpecReader spec, const MethodContext& context) {
  const double beta = spec.in_range("beta", 1.0, 1e-6, 1e6);
  const double prob = spec.in_range("prob", 1.0, 0.0, 1.0);
  const auto looked_at = spec.one_of("input", "uint8", {"uint8", "as_released"}) == "uint8"
                             ? SaliencyInput::kPicture
                             : SaliencyInput::kFloatBytes;
  spec.reject_unread_keys();
  const auto apply = [beta, prob, looked_at, input = context.input](Batch batch, Rng& rng) {
    if (rng.uniform() >= prob) return batch;
    const int64_t height = batch.images.size(2), width = batch.images.size(3);
    const double lambda = rng.beta(beta, beta);
    const auto permutation = draw_permutation(batch.images.size(0), rng);
    const auto source = batch.images[permutation[0].item<int64_t>()];
    const auto [row, column] = most_salient(source, input, looked_at);
    return paste_box(std::move(batch), permutation, mix_box(lambda, row, column, height, width));
  };
  return mixing(apply, saliency_views(context.input));
}

}  // namespace mra
