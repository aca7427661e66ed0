#include "baselines/augment/mra_fit.h"

namespace mra {

namespace {

/// One value per channel, [1,3,1,1], for broadcasting over a batch of pictures.
torch::Tensor channels_like(const std::array<float, 3>& values, const torch::Tensor& like) {
  return torch::tensor({values[0], values[1], values[2]}).view({1, 3, 1, 1}).to(like.device());
}

torch::Tensor as_pixels(const torch::Tensor& images, const PictureForm& form) {
  return images * channels_like(form.std, images) + channels_like(form.mean, images);
}

torch::Tensor normalised(const torch::Tensor& pixels, const PictureForm& form) {
  return (pixels - channels_like(form.mean, pixels)) / channels_like(form.std, pixels);
}

}  // namespace

torch::Tensor MraFit::to_augmentor(const torch::Tensor& images) const {
  if (!needed()) return images;
  auto pixels = as_pixels(images, run_);
  if (run_.size_px != augmentor_.size_px)
    pixels = torch::upsample_bilinear2d(pixels, {augmentor_.size_px, augmentor_.size_px},
                                        /*align_corners=*/false);
  return normalised(pixels, augmentor_);
}

torch::Tensor MraFit::from_augmentor(const torch::Tensor& images) const {
  if (!needed()) return images;
  auto pixels = as_pixels(images, augmentor_).clamp(0, 1);
  if (run_.size_px != augmentor_.size_px)
    pixels = torch::_upsample_bilinear2d_aa(pixels, {run_.size_px, run_.size_px},
                                            /*align_corners=*/false);
  return normalised(pixels, run_);
}

}  // namespace mra
