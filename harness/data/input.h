#pragma once

#include <array>
#include <string>

#include "harness/data/image.h"
#include "harness/spec/spec_reader.h"

namespace mra {

enum class ResizeFilter { kBilinear, kBicubic };

/// How a picture of any size becomes a network's input: the "input" object of a spec.
struct InputOptions {
  int size_px = 0;
  bool crop = true;  ///< training: random resized crop; else as for evaluation
  int pad_px = 0;    ///< training without crop: shifted by up to so much, the border reflected
  double scale_low = 0.08, scale_high = 1.0;             ///< area of the crop, as a fraction
  double ratio_low = 3.0 / 4.0, ratio_high = 4.0 / 3.0;  ///< width over height of the crop
  ResizeFilter filter = ResizeFilter::kBilinear;         ///< training crop
  double hflip_prob = 0.5;
  int eval_resize_px = 0;    ///< shorter side before the centre crop (bilinear)
  bool eval_square = false;  ///< both sides to that instead, the aspect not kept
  double color_jitter = 0;   ///< CutMix's brightness, contrast, saturation on floats
  double lighting_std = 0;   ///< CutMix's PCA noise on floats
  std::array<float, 3> mean{0.485f, 0.456f, 0.406f};  ///< on [0,1] pixels
  std::array<float, 3> std{0.229f, 0.224f, 0.225f};
};

InputOptions read_input(SpecReader options);

}  // namespace mra
