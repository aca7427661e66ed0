#include "harness/data/sample_reader.h"

#include <cstring>

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

SampleReader::SampleReader(const Dataset& dataset, const InputOptions& input,
                           const std::vector<ImageTransform>& transforms)
    : dataset_(dataset), input_(input), transforms_(transforms) {}

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
  if (input_.crop) {
    apply_crop(decoded_, draw_crop(decoded_.height_px, decoded_.width_px, input_, rng), input_,
               resizer_, out);
  } else {
    centered();
    if (rng.uniform() < input_.hflip_prob) flip_columns(out, input_.size_px, input_.size_px);
  }
  if (!transforms_.empty()) transform(rng, out);
}

void SampleReader::transform(Rng& rng, uint8_t* out) {
  const int size = input_.size_px;
  cropped_.resize(size, size);
  std::memcpy(cropped_.rgb.data(), out, cropped_.rgb.size());
  for (const ImageTransform& change : transforms_) {
    change(cropped_, rng);
    check(cropped_.height_px == size && cropped_.width_px == size, ErrorKind::kFailure,
          "image_transforms",
          fmt::format("a transform made {}x{} pixels of {}x{}", cropped_.width_px,
                      cropped_.height_px, size, size),
          "let it keep the size of its picture");
  }
  std::memcpy(out, cropped_.rgb.data(), cropped_.rgb.size());
}

}  // namespace mra
