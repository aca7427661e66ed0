#pragma once

#include <array>
#include <cstdint>

#include "harness/base/rng.h"
#include "harness/data/input.h"

namespace mra {

/// Three channels of floats in memory that somebody else owns, planar or interleaved.
struct FloatPixels {
  float* values = nullptr;
  int64_t count = 0;         ///< number of pixels
  int64_t pixel_step = 1;    ///< distance between pixels, in values
  int64_t channel_step = 0;  ///< distance between channels, in values

  float& at(int64_t pixel, int64_t channel) const {
    return values[pixel * pixel_step + channel * channel_step];
  }
  /// Memory of shape [3, count] and [count, 3].
  static FloatPixels planar(float* values, int64_t count) { return {values, count, 1, count}; }
  static FloatPixels interleaved(float* values, int64_t count) { return {values, count, 3, 1}; }
};

/// The float for each byte value and channel.
using PixelTable = std::array<std::array<float, 3>, 256>;
PixelTable unit_table();                                 ///< v/255
PixelTable normalized_table(const InputOptions& input);  ///< (v/255 − mean)/std

/// Writes the table's float for every byte of `rgb` [count, 3] to `out`.
void look_up(const uint8_t* rgb, const PixelTable& table, const FloatPixels& out);

/// The random values of CutMix's color jitter: three blends x + alpha·(d − x), in this order.
struct FloatJitter {
  enum Step : uint8_t { kBrightness, kContrast, kSaturation };
  std::array<Step, 3> order{kBrightness, kContrast, kSaturation};
  std::array<float, 3> alpha{};  ///< in the same order
};

/// Draws the order uniformly, and each alpha uniformly within ±`strength`.
FloatJitter draw_float_jitter(double strength, Rng& rng);
/// Applies the jitter to values of 0–1 before normalisation, without clamping. d is 0 for
/// brightness, the picture's mean grey for contrast, and the pixel's grey for saturation.
void apply_float_jitter(const FloatJitter& jitter, const FloatPixels& pixels);

/// The random values of CutMix's lighting: alphas of the three principal colors of ImageNet.
using Lighting = std::array<double, 3>;
Lighting draw_lighting(double std, Rng& rng);
/// Returns the values that a draw adds to the channels.
std::array<float, 3> lighting_shift(const Lighting& alpha);
void apply_lighting(const Lighting& alpha, const FloatPixels& pixels);

/// Converts the bytes of a training sample to a network's input: color jitter and lighting as
/// `input` says, drawn from `rng`, then normalisation.
void make_training_input(const uint8_t* rgb, const InputOptions& input, Rng rng,
                         const FloatPixels& out);

}  // namespace mra
