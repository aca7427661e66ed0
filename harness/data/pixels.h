#pragma once

#include <array>
#include <cstdint>

#include "harness/base/rng.h"
#include "harness/data/input.h"

namespace mra {

/// Three channels of floats in memory owned by somebody else, planar or interleaved.
struct FloatPixels {
  float* values = nullptr;
  int64_t count = 0;         ///< pixels
  int64_t pixel_step = 1;    ///< values from one pixel to the next
  int64_t channel_step = 0;  ///< values from one channel to the next

  float& at(int64_t pixel, int64_t channel) const {
    return values[pixel * pixel_step + channel * channel_step];
  }
  /// [3, count] and [count, 3].
  static FloatPixels planar(float* values, int64_t count) { return {values, count, 1, count}; }
  static FloatPixels interleaved(float* values, int64_t count) { return {values, count, 3, 1}; }
};

/// The float of every byte, by byte and channel.
using PixelTable = std::array<std::array<float, 3>, 256>;
PixelTable unit_table();                                 ///< v/255
PixelTable normalized_table(const InputOptions& input);  ///< (v/255 − mean)/std

/// Looks every byte of `rgb` [count, 3] up.
void look_up(const uint8_t* rgb, const PixelTable& table, const FloatPixels& out);

/// One draw of CutMix's color jitter: three blends x + alpha·(d − x), in order.
struct FloatJitter {
  enum Step : uint8_t { kBrightness, kContrast, kSaturation };
  std::array<Step, 3> order{kBrightness, kContrast, kSaturation};
  std::array<float, 3> alpha{};  ///< in the same order
};

/// Order uniform, each alpha uniform within ±`strength`.
FloatJitter draw_float_jitter(double strength, Rng& rng);
/// On values of 0–1 before normalisation; nothing is clamped. d is 0 for brightness, the mean of
/// the picture's grey for contrast, the pixel's grey for saturation.
void apply_float_jitter(const FloatJitter& jitter, const FloatPixels& pixels);

/// One draw of CutMix's lighting: alphas of the three principal colors of ImageNet.
using Lighting = std::array<double, 3>;
Lighting draw_lighting(double std, Rng& rng);
/// What a draw adds to each channel.
std::array<float, 3> lighting_shift(const Lighting& alpha);
void apply_lighting(const Lighting& alpha, const FloatPixels& pixels);

/// The bytes of a training sample as a network's input: jitter and lighting as far as `input` asks
/// for them, drawn from `rng`, then normalised.
void make_training_input(const uint8_t* rgb, const InputOptions& input, Rng rng,
                         const FloatPixels& out);

}  // namespace mra
