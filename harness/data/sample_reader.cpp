#include "harness/data/sample_reader.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

SampleReader::SampleReader(const Dataset& dataset, const InputOptions& input,
                           const std::vector<Transforms>& views)
    : dataset_(dataset), input_(input), views_(views) {}

static Rng stream_of(const LoaderPlan& plan, const Request& request, size_t view) {
  return Rng({.seed = plan.seed,
              .epoch = request.draw,
              .index = uint64_t(request.index),
              .view = uint32_t(view),
              .purpose = Purpose::kImage});
}

/// Whether a transform needs the picture before it is cropped.
static bool changes_whole(const std::vector<ImageTransform>& transforms) {
  return std::any_of(transforms.begin(), transforms.end(),
                     [](const ImageTransform& change) { return change.before_crop(); });
}

void SampleReader::read(const LoaderPlan& plan, const Request& request, uint8_t* out,
                        int64_t view_bytes) {
  if (plan.training && views_.size() == 1 && input_.crop && !changes_whole(views_.front()))
    return read_crop(plan, request, out);
  dataset_.read(request.index, decoded_);
  for (size_t view = 0; view < views_.size(); ++view, out += view_bytes) {
    if (!plan.training) {
      center(decoded_, out);
      continue;
    }
    Rng rng = stream_of(plan, request, view);
    const bool last = view + 1 == views_.size();
    if (!last) copy_ = decoded_;  // the next view needs the unchanged picture
    make_view(views_[view], rng, last ? decoded_ : copy_, out);
  }
}

void SampleReader::read_crop(const LoaderPlan& plan, const Request& request, uint8_t* out) {
  Rng rng = stream_of(plan, request, 0);
  CropDraw draw;
  WantedPart part{[&](int height_px, int width_px) {
                    draw = draw_crop(height_px, width_px, input_, rng);
                    return draw.box;
                  },
                  {}};
  dataset_.read_part(request.index, part, decoded_);
  draw.box = part.box;
  apply_crop(decoded_, draw, input_, resizer_, out);
  transform_cropped(views_.front(), rng, out);
}

void SampleReader::center(const Image& picture, uint8_t* out) {
  apply_evaluation(picture,
                   eval_geometry(picture.height_px, picture.width_px, input_.eval_resize_px,
                                 input_.size_px, input_.eval_square),
                   ResizeFilter::kBilinear, resizer_, out);
}

void SampleReader::shifted_center(const Image& picture, Rng& rng, uint8_t* out) {
  if (input_.pad_px == 0) return center(picture, out);
  cropped_.resize(input_.size_px, input_.size_px);
  center(picture, cropped_.rgb.data());
  shift_reflecting(cropped_.rgb.data(), input_.size_px, draw_shift(input_.pad_px, rng), out);
}

void SampleReader::make_view(const Transforms& transforms, Rng& rng, Image& picture, uint8_t* out) {
  transform(transforms, rng, /*before_crop=*/true, picture);
  if (input_.crop) {
    apply_crop(picture, draw_crop(picture.height_px, picture.width_px, input_, rng), input_,
               resizer_, out);
  } else {
    shifted_center(picture, rng, out);
    if (rng.uniform() < input_.hflip_prob) flip_columns(out, input_.size_px, input_.size_px);
  }
  transform_cropped(transforms, rng, out);
}

void SampleReader::transform_cropped(const Transforms& transforms, Rng& rng, uint8_t* out) {
  const auto after_crop = [](const ImageTransform& change) { return !change.before_crop(); };
  if (std::none_of(transforms.begin(), transforms.end(), after_crop)) return;
  cropped_.resize(input_.size_px, input_.size_px);
  std::memcpy(cropped_.rgb.data(), out, cropped_.rgb.size());
  transform(transforms, rng, /*before_crop=*/false, cropped_);
  std::memcpy(out, cropped_.rgb.data(), cropped_.rgb.size());
}

void SampleReader::transform(const Transforms& transforms, Rng& rng, bool before_crop,
                             Image& image) {
  const int height = image.height_px, width = image.width_px;
  for (const ImageTransform& change : transforms) {
    if (change.before_crop() != before_crop) continue;
    change(image, rng);
    check(image.height_px == height && image.width_px == width, ErrorKind::kFailure,
          "image_transforms",
          fmt::format("a transform returned {}x{} pixels for a picture of {}x{}", image.width_px,
                      image.height_px, width, height),
          "make it keep the size of its picture");
  }
}

}  // namespace mra
