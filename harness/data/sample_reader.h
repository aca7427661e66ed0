#pragma once

#include <cstdint>
#include <vector>

#include "harness/data/dataset.h"
#include "harness/data/geometry.h"
#include "harness/data/loader.h"

namespace mra {

/// Makes one sample after another in memory it keeps: one for each thread.
class SampleReader {
 public:
  SampleReader(const Dataset& dataset, const InputOptions& input,
               const std::vector<std::vector<ImageTransform>>& views);

  /// The views of a picture as [size_px, size_px, 3] each, the first at `out` and the next ones
  /// `view_bytes` apart. What is drawn depends on the plan's seed, the request and the view alone.
  void read(const LoaderPlan& plan, const Request& request, uint8_t* out, int64_t view_bytes);

 private:
  using Transforms = std::vector<ImageTransform>;

  /// One view of `picture`, which it may change.
  void make_view(const Transforms& transforms, Rng& rng, Image& picture, uint8_t* out);
  void center(const Image& picture, uint8_t* out);
  void shifted_center(const Image& picture, Rng& rng, uint8_t* out);
  /// Applies those of the transforms that come before, or after, the crop.
  void transform(const Transforms& transforms, Rng& rng, bool before_crop, Image& image);

  const Dataset& dataset_;
  const InputOptions& input_;
  const std::vector<Transforms>& views_;
  Image decoded_, copy_, cropped_;
  Resizer resizer_;
};

}  // namespace mra
