#include "harness/worker/method_views.h"

#include "baselines/augment/mra.h"
#include "baselines/augment/saliency.h"
#include "baselines/augment/saliencymix.h"

namespace mra {

/// [N,H,W] of any range as grey pictures, each from black to white.
static torch::Tensor as_grey(const torch::Tensor& maps) {
  const auto low = maps.amin({1, 2}, true), high = maps.amax({1, 2}, true);
  const auto unit = (maps - low) / (high - low).clamp_min(1e-12);
  return unit.unsqueeze(1).expand({-1, 3, -1, -1}).contiguous();
}

static torch::Tensor denormalised(const torch::Tensor& images, const InputOptions& input) {
  const auto constant = [&](const std::array<float, 3>& values) {
    return torch::tensor({values[0], values[1], values[2]}).view({1, 3, 1, 1});
  };
  return (images * constant(input.std) + constant(input.mean)).clamp(0, 1);
}

/// [N,H,W] f32, 0 … 255.
static torch::Tensor saliency_maps(const MethodContext& context, const torch::Tensor& images) {
  const int64_t height = images.size(2), width = images.size(3);
  auto maps = torch::empty({images.size(0), height, width});
  for (int64_t i = 0; i < images.size(0); ++i) {
    const auto bgr = to_bgr_bytes(images[i], context.input.mean, context.input.std);
    const auto map = fine_grained_saliency(bgr.data(), int(height), int(width));
    std::copy(map.begin(), map.end(), maps[i].data_ptr<float>());
  }
  return maps;
}

/// One value a patch as pixels: [N,L] -> [N,H,W].
static torch::Tensor patch_map(const torch::Tensor& values, const MaeOptions& sizes) {
  const int64_t grid = sizes.image_px / sizes.patch_px;
  return values.view({-1, grid, grid})
      .repeat_interleave(sizes.patch_px, 1)
      .repeat_interleave(sizes.patch_px, 2);
}

static std::vector<MethodView> mra_views(const SpecReader& spec, const MethodContext& context,
                                         const torch::Tensor& images) {
  const torch::NoGradGuard no_grad;
  LoadedMra mra = load_mra(spec, context);
  const MaeOptions& sizes = mra.model->options();
  Rng rng({.seed = 0, .purpose = Purpose::kBatch});
  const auto noise = draw_noise(images.size(0), sizes.patches(), rng, context.device);
  const auto attention = mra.model->attention(mra.model->embed(images), mra.options.score);
  mra.options.compose = "decoder_all";
  mra.options.reconstruct = true;
  const MraResult result = mra_augment(mra.model, images, mra.options, noise);
  const auto hidden = patch_map(result.hidden, sizes).unsqueeze(1);
  const auto masked = denormalised(images, context.input) * (1 - hidden) + 0.5 * hidden;
  return {{"attention", as_grey(patch_map(attention.to(torch::kFloat32), sizes))},
          {"mask", masked},
          {"reconstruction", denormalised(result.reconstruction, context.input)}};
}

std::vector<MethodView> method_views(const std::string& method, const SpecReader& options,
                                     const MethodContext& context, const torch::Tensor& images) {
  if (method == "mra") return mra_views(options, context, images);
  if (method == "saliencymix" || method == "puzzlemix")
    return {{"saliency", as_grey(saliency_maps(context, images))}};
  return {};
}

bool mixes(const std::string& method) {
  return method == "mixup" || method == "cutmix" || method == "saliencymix" ||
         method == "puzzlemix";
}

torch::Tensor saliency_as_gradient(const MethodContext& context, const torch::Tensor& images) {
  return saliency_maps(context, images).unsqueeze(1).expand({-1, 3, -1, -1}).contiguous();
}

}  // namespace mra
