#include "harness/data/pixels.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "tests/data/pictures.h"

namespace mra {
namespace {

InputOptions jittering() {
  InputOptions input;
  input.color_jitter = 0.4;
  input.lighting_std = 0.1;
  return input;
}

Rng jitter_stream(uint64_t seed, uint32_t epoch, int64_t index) {
  return Rng({.seed = seed, .epoch = epoch, .index = uint64_t(index), .purpose = Purpose::kJitter});
}

std::vector<float> made(const Image& image, const InputOptions& input, uint64_t seed,
                        uint32_t epoch, int64_t index) {
  const int64_t count = int64_t(image.rgb.size() / 3);
  std::vector<float> out(image.rgb.size());
  make_training_input(image.rgb.data(), input, jitter_stream(seed, epoch, index),
                      FloatPixels::planar(out.data(), count));
  return out;
}

TEST(Pixels, NormalisedIsPixelMinusMeanOverStd) {
  const Image image = test_picture(5, 4);
  const InputOptions input;
  const auto out = made(image, input, 0, 0, 0);
  for (size_t i = 0; i < 20; ++i)
    for (size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(out[c * 20 + i],
                  (image.rgb[3 * i + c] / 255.0 - double(input.mean[c])) / double(input.std[c]),
                  2e-6);
}

TEST(Pixels, PlanarAndInterleavedHoldTheSameValues) {
  const Image image = test_picture(6, 6);
  const auto planar = made(image, jittering(), 1, 2, 3);
  std::vector<float> interleaved(planar.size());
  make_training_input(image.rgb.data(), jittering(), jitter_stream(1, 2, 3),
                      FloatPixels::interleaved(interleaved.data(), 36));
  for (size_t i = 0; i < 36; ++i)
    for (size_t c = 0; c < 3; ++c) EXPECT_EQ(planar[c * 36 + i], interleaved[3 * i + c]);
}

TEST(Pixels, DrawDependsOnSeedEpochAndIndexAlone) {
  const Image image = test_picture(6, 6);
  const auto first = made(image, jittering(), 1, 2, 3);
  EXPECT_EQ(first, made(image, jittering(), 1, 2, 3));
  EXPECT_NE(first, made(image, jittering(), 0, 2, 3));
  EXPECT_NE(first, made(image, jittering(), 1, 0, 3));
  EXPECT_NE(first, made(image, jittering(), 1, 2, 0));
}

TEST(Pixels, JitterDrawsEveryOrderAndStaysInRange) {
  int orders[27] = {};
  for (uint64_t i = 0; i < 600; ++i) {
    Rng rng({.index = i, .purpose = Purpose::kJitter});
    const FloatJitter jitter = draw_float_jitter(0.4, rng);
    ++orders[jitter.order[0] * 9 + jitter.order[1] * 3 + jitter.order[2]];
    for (const float alpha : jitter.alpha) EXPECT_LE(std::abs(alpha), 0.4f);
  }
  int seen = 0;
  for (const int count : orders) seen += count > 60;
  EXPECT_EQ(seen, 6);
}

TEST(Pixels, BrightnessAndLightingAreLinear) {
  std::vector<float> values(12, 0.5f);
  const FloatPixels pixels = FloatPixels::planar(values.data(), 4);
  FloatJitter jitter;
  jitter.alpha = {0.2f, 0, 0};
  apply_float_jitter(jitter, pixels);
  for (const float value : values) EXPECT_NEAR(value, 0.4f, 1e-6);
  apply_lighting({1, 0, 0}, pixels);
  EXPECT_NEAR(values[0], 0.4 - 0.5675 * 0.2175, 1e-6);
  EXPECT_NEAR(values[8], 0.4 - 0.5836 * 0.2175, 1e-6);
}

}  // namespace
}  // namespace mra
