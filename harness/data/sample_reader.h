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
               const std::vector<ImageTransform>& transforms);

  /// Picture `index` as [size_px, size_px, 3] in `out`. What is drawn depends on the plan's seed
  /// and epoch and on `index` alone.
  void read(const LoaderPlan& plan, int64_t index, uint8_t* out);

 private:
  /// Applies those of the transforms that come before, or after, the crop.
  void transform(Rng& rng, bool before_crop, Image& image);

  const Dataset& dataset_;
  const InputOptions& input_;
  const std::vector<ImageTransform>& transforms_;
  bool changes_crop_ = false;  ///< some transform comes after the crop
  Image decoded_, cropped_;
  Resizer resizer_;
};

}  // namespace mra
