#pragma once

#include <cstdint>
#include <vector>

#include "harness/data/dataset.h"
#include "harness/data/geometry.h"
#include "harness/data/loader.h"

namespace mra {

/// Prepares samples one after another in its own memory. Each thread needs its own.
class SampleReader {
 public:
  SampleReader(const Dataset& dataset, const InputOptions& input,
               const std::vector<std::vector<ImageTransform>>& views);

  /// Writes the views of a picture to `out`, [size_px, size_px, 3] each, `view_bytes` apart. The
  /// random values depend only on the seed of the plan, the request and the view.
  void read(const LoaderPlan& plan, const Request& request, uint8_t* out, int64_t view_bytes);

 private:
  using Transforms = std::vector<ImageTransform>;

  /// Makes one view from `picture`, which it may change.
  void make_view(const Transforms& transforms, Rng& rng, Image& picture, uint8_t* out);
  /// The only view, of which nothing but the crop is read. Makes what make_view() would.
  void read_crop(const LoaderPlan& plan, const Request& request, uint8_t* out);
  void center(const Image& picture, uint8_t* out);
  void shifted_center(const Image& picture, Rng& rng, uint8_t* out);
  /// Applies the transforms that belong before the crop, or those that belong after it.
  void transform(const Transforms& transforms, Rng& rng, bool before_crop, Image& image);
  /// Applies those that belong after it to the crop in `out`.
  void transform_cropped(const Transforms& transforms, Rng& rng, uint8_t* out);

  const Dataset& dataset_;
  const InputOptions& input_;
  const std::vector<Transforms>& views_;
  Image decoded_, copy_, cropped_;
  Resizer resizer_;
};

}  // namespace mra
