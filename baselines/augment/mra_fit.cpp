#include "baselines/augment/mra_fit.h"

#include "harness/train/device.h"

namespace mra {

namespace {

torch::Tensor as_pixels(const torch::Tensor& images, const PictureForm& form) {
  return images * per_channel(form.std, images.device()) + per_channel(form.mean, images.device());
}

torch::Tensor normalised(const torch::Tensor& pixels, const PictureForm& form) {
  return (pixels - per_channel(form.mean, pixels.device())) /
         per_channel(form.std, pixels.device());
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
