#include "harness/data/pixels.h"

#include <utility>

namespace mra {
namespace {

float grey(const FloatPixels& pixels, int64_t pixel) {
  return 0.299f * pixels.at(pixel, 0) + 0.587f * pixels.at(pixel, 1) + 0.114f * pixels.at(pixel, 2);
}

double mean_grey(const FloatPixels& pixels) {
  double sum = 0;
  for (int64_t i = 0; i < pixels.count; ++i) sum += double(grey(pixels, i));
  return sum / double(pixels.count);
}

/// Computes x + alpha·(d − x), with d for each pixel.
template <typename Target>
void blend(const FloatPixels& pixels, float alpha, Target target) {
  for (int64_t i = 0; i < pixels.count; ++i) {
    const float towards = target(i);
    for (int64_t c = 0; c < 3; ++c) pixels.at(i, c) += alpha * (towards - pixels.at(i, c));
  }
}

}  // namespace

PixelTable unit_table() {
  PixelTable table;
  for (size_t value = 0; value < table.size(); ++value) table[value].fill(float(value) / 255.0f);
  return table;
}

PixelTable normalized_table(const InputOptions& input) {
  PixelTable table = unit_table();
  for (auto& row : table)
    for (size_t c = 0; c < 3; ++c) row[c] = (row[c] - input.mean[c]) / input.std[c];
  return table;
}

void look_up(const uint8_t* rgb, const PixelTable& table, const FloatPixels& out) {
  for (int64_t i = 0; i < out.count; ++i, rgb += 3)
    for (int64_t c = 0; c < 3; ++c) out.at(i, c) = table[rgb[c]][size_t(c)];
}

FloatJitter draw_float_jitter(double strength, Rng& rng) {
  FloatJitter jitter;
  for (size_t i = 2; i > 0; --i) std::swap(jitter.order[i], jitter.order[rng.below(i + 1)]);
  for (float& alpha : jitter.alpha) alpha = float(rng.uniform(-strength, strength));
  return jitter;
}

void apply_float_jitter(const FloatJitter& jitter, const FloatPixels& pixels) {
  for (size_t step = 0; step < 3; ++step) {
    const float alpha = jitter.alpha[step];
    switch (jitter.order[step]) {
      case FloatJitter::kBrightness:
        blend(pixels, alpha, [](int64_t) { return 0.0f; });
        break;
      case FloatJitter::kContrast:
        blend(pixels, alpha, [mean = float(mean_grey(pixels))](int64_t) { return mean; });
        break;
      case FloatJitter::kSaturation:
        blend(pixels, alpha, [&](int64_t pixel) { return grey(pixels, pixel); });
        break;
    }
  }
}

Lighting draw_lighting(double std, Rng& rng) {
  Lighting alpha;
  for (double& value : alpha) value = std * rng.normal();
  return alpha;
}

std::array<float, 3> lighting_shift(const Lighting& alpha) {
  static constexpr double kValues[3] = {0.2175, 0.0188, 0.0045};
  static constexpr double kVectors[3][3] = {
      {-0.5675, 0.7192, 0.4009}, {-0.5808, -0.0045, -0.8140}, {-0.5836, -0.6948, 0.4203}};
  std::array<float, 3> shift;
  for (size_t c = 0; c < 3; ++c) {
    double sum = 0;
    for (size_t j = 0; j < 3; ++j) sum += kVectors[c][j] * alpha[j] * kValues[j];
    shift[c] = float(sum);
  }
  return shift;
}

void apply_lighting(const Lighting& alpha, const FloatPixels& pixels) {
  const std::array<float, 3> shift = lighting_shift(alpha);
  for (int64_t i = 0; i < pixels.count; ++i)
    for (int64_t c = 0; c < 3; ++c) pixels.at(i, c) += shift[size_t(c)];
}

void make_training_input(const uint8_t* rgb, const InputOptions& input, Rng rng,
                         const FloatPixels& out) {
  if (input.color_jitter == 0 && input.lighting_std == 0)
    return look_up(rgb, normalized_table(input), out);
  look_up(rgb, unit_table(), out);
  if (input.color_jitter > 0) apply_float_jitter(draw_float_jitter(input.color_jitter, rng), out);
  if (input.lighting_std > 0) apply_lighting(draw_lighting(input.lighting_std, rng), out);
  for (int64_t i = 0; i < out.count; ++i)
    for (int64_t c = 0; c < 3; ++c)
      out.at(i, c) = (out.at(i, c) - input.mean[size_t(c)]) / input.std[size_t(c)];
}

}  // namespace mra
