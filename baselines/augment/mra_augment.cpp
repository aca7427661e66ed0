#include "baselines/augment/mra_augment.h"

#include "harness/train/device.h"

namespace mra {

namespace {

/// Returns the indices of the patches in rank order, those to keep first: [N,L] i64.
torch::Tensor ranked_patches(MaskedAutoencoder& augmentor, const torch::Tensor& embedded,
                             const MraOptions& options, const torch::Tensor& noise) {
  if (options.hide == "random") return noise.argsort(/*stable=*/true, /*dim=*/1);
  const auto scores = augmentor->attention(embedded, options.score).to(torch::kFloat32);
  return scores.argsort(/*stable=*/true, 1, /*descending=*/options.hide == "low");
}

torch::Tensor fill_value(const MraOptions& options, const torch::Tensor& images) {
  if (options.mask_fill == "norm_zero") return torch::zeros({}, images.options());
  return -per_channel(options.mean, images.device()) / per_channel(options.std, images.device());
}

/// Converts predictions to pixels. `patches`: the original patches at the same places; their mean
/// and variance are used when the augmentor predicts normalised patches.
torch::Tensor as_pixels(const torch::Tensor& pred, const torch::Tensor& patches,
                        const MraOptions& options) {
  const auto values = pred.to(torch::kFloat32);
  if (options.denorm != "gt") return values;
  return values * (patches.var(2, /*unbiased=*/true, true) + 1e-6).sqrt() + patches.mean(2, true);
}

torch::Tensor clipped(const torch::Tensor& images, const MraOptions& options) {
  const auto mean = per_channel(options.mean, images.device()),
             std = per_channel(options.std, images.device());
  return torch::minimum(torch::maximum(images, -mean / std), (1 - mean) / std);
}

/// True on the pixels of hidden patches: [N,1,H,W] bool.
torch::Tensor hidden_pixels(const torch::Tensor& hidden, const MaeOptions& sizes) {
  const int64_t grid = sizes.image_px / sizes.patch_px;
  return hidden.to(torch::kBool)
      .view({-1, 1, grid, 1, grid, 1})
      .expand({-1, 1, grid, sizes.patch_px, grid, sizes.patch_px})
      .reshape({-1, 1, sizes.image_px, sizes.image_px});
}

/// Returns a copy of `patches` [N,L,P] with those at `places` [N,M] replaced, without arithmetic:
/// visible patches stay equal bit for bit, and NaN in a prediction cannot spread.
torch::Tensor pasted(const torch::Tensor& patches, const torch::Tensor& places,
                     const torch::Tensor& pixels) {
  const int64_t n = patches.size(0), l = patches.size(1);
  const auto rows = places + torch::arange(n, places.options()).unsqueeze(1) * l;
  auto result = patches.clone();
  result.view({n * l, -1}).index_copy_(0, rows.flatten(), pixels.flatten(0, 1));
  return result;
}

/// Fills in what the augmentor predicts from the kept patches; `order`: from ranked_patches().
void reconstruct(MaskedAutoencoder& augmentor, const torch::Tensor& images,
                 const torch::Tensor& embedded, const torch::Tensor& order,
                 const MraOptions& options, MraResult& result) {
  const auto latent = augmentor->encode(embedded, result.kept);
  const auto patches = augmentor->patchify(images);
  if (options.compose == "decoder_all") {
    result.pred = augmentor->decode(latent, order.argsort(/*stable=*/true, 1)).to(torch::kFloat32);
    result.output = result.reconstruction =
        augmentor->unpatchify(as_pixels(result.pred, patches, options));
    return;
  }
  const int64_t kept = result.kept.size(1);
  if (kept == order.size(1)) {
    result.output = images;
    return;
  }
  const auto places = order.narrow(1, kept, order.size(1) - kept);
  const auto pred = augmentor->decode_hidden(latent, order);
  result.output = augmentor->unpatchify(
      pasted(patches, places, as_pixels(pred, gather_tokens(patches, places), options)));
}

}  // namespace

MraResult mra_augment(MaskedAutoencoder& augmentor, const torch::Tensor& images,
                      const MraOptions& options, const torch::Tensor& noise) {
  const torch::NoGradGuard no_grad;
  const MaeOptions& sizes = augmentor->options();
  const int64_t kept_patches = kept_count(sizes.patches(), options.hidden_frac);
  const bool needs_tokens = options.hide != "random" || options.reconstruct;
  const auto embedded = needs_tokens ? augmentor->embed(images) : torch::Tensor();
  const auto order = ranked_patches(augmentor, embedded, options, noise);

  MraResult result;
  result.kept = order.narrow(1, 0, kept_patches);
  result.hidden = torch::ones(order.sizes(), images.options().dtype(torch::kFloat32))
                      .scatter_(1, result.kept, 0);
  if (options.reconstruct) {
    reconstruct(augmentor, images, embedded, order, options, result);
  } else {
    result.output =
        torch::where(hidden_pixels(result.hidden, sizes), fill_value(options, images), images);
  }
  if (options.clip) result.output = clipped(result.output, options);
  return result;
}

}  // namespace mra
