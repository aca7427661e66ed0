#include "harness/data/sample_reader.h"

#include <cstring>

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

SampleReader::SampleReader(const Dataset& dataset, const InputOptions& input,
                           const std::vector<ImageTransform>& transforms)
    : dataset_(dataset), input_(input), transforms_(transforms) {
  for (const ImageTransform& change : transforms_) changes_crop_ |= !change.before_crop();
}

void SampleReader::read(const LoaderPlan& plan, int64_t index, uint8_t* out) {
  dataset_.read(index, decoded_);
  const auto centered = [&] {
    center_crop(decoded_, input_.eval_resize_px, input_.size_px, ResizeFilter::kBilinear, resizer_,
                out);
  };
  if (!plan.training) return centered();
  Rng rng({.seed = plan.seed,
           .epoch = plan.epoch,
           .index = uint64_t(index),
           .purpose = Purpose::kImage});
  transform(rng, /*before_crop=*/true, decoded_);
  if (input_.crop) {
    apply_crop(decoded_, draw_crop(decoded_.height_px, decoded_.width_px, input_, rng), input_,
               resizer_, out);
  } else {
    centered();
    if (rng.uniform() < input_.hflip_prob) flip_columns(out, input_.size_px, input_.size_px);
  }
  if (!changes_crop_) return;
  cropped_.resize(input_.size_px, input_.size_px);
  std::memcpy(cropped_.rgb.data(), out, cropped_.rgb.size());
  transform(rng, /*before_crop=*/false, cropped_);
  std::memcpy(out, cropped_.rgb.data(), cropped_.rgb.size());
}

void SampleReader::transform(Rng& rng, bool before_crop, Image& image) {
  const int height = image.height_px, width = image.width_px;
  for (const ImageTransform& change : transforms_) {
    if (change.before_crop() != before_crop) continue;
    change(image, rng);
    check(image.height_px == height && image.width_px == width, ErrorKind::kFailure,
          "image_transforms",
          fmt::format("a transform made {}x{} pixels of {}x{}", image.width_px, image.height_px,
                      width, height),
          "let it keep the size of its picture");
  }
}

}  // namespace mra
