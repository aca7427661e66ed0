#pragma once

#include <array>
#include <string>

#include "harness/data/image.h"
#include "harness/spec/spec_reader.h"

namespace mra {

enum class ResizeFilter { kBilinear, kBicubic };

/// How a picture of any size becomes the input of a network: the "input" object of a spec.
struct InputOptions {
  int size_px = 0;
  bool crop = true;  ///< training: random resized crop; false: as in evaluation
  int pad_px = 0;    ///< training without crop: shift by up to this, with reflected borders
  double scale_low = 0.08, scale_high = 1.0;             ///< area of the crop / area of the picture
  double ratio_low = 3.0 / 4.0, ratio_high = 4.0 / 3.0;  ///< width / height of the crop
  ResizeFilter filter = ResizeFilter::kBilinear;         ///< of the training crop
  double hflip_prob = 0.5;
  int eval_resize_px = 0;    ///< size of the shorter side before the centre crop (bilinear)
  bool eval_square = false;  ///< resize both sides to that, without keeping the aspect ratio
  double color_jitter = 0;   ///< as in CutMix's code: brightness, contrast, saturation on floats
  double lighting_std = 0;   ///< as in CutMix's code: PCA noise on floats
  std::array<float, 3> mean{0.485f, 0.456f, 0.406f};  ///< for pixels in [0,1]
  std::array<float, 3> std{0.229f, 0.224f, 0.225f};
};

InputOptions read_input(SpecReader options);

}  // namespace mra
