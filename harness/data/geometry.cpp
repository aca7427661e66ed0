#include "harness/data/geometry.h"

#include <algorithm>
#include <cmath>

namespace mra {
namespace {

/// Rounds to the nearest integer, halves to even, as Python does.
int round_half_even(double value) {
  const double below = std::floor(value), rest = value - below;
  const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(below, 2.0) != 0);
  return int(below) + (up ? 1 : 0);
}

Box largest_central(int height, int width, const InputOptions& input) {
  const double ratio = double(width) / height;
  int h = height, w = width;
  if (ratio < input.ratio_low) h = round_half_even(w / input.ratio_low);
  if (ratio > input.ratio_high) w = round_half_even(h * input.ratio_high);
  h = std::clamp(h, 1, height);
  w = std::clamp(w, 1, width);
  return {(height - h) / 2, (width - w) / 2, h, w};
}

Box draw_box(int height, int width, const InputOptions& input, Rng& rng) {
  const double area = double(height) * width;
  for (int tries = 0; tries < 10; ++tries) {
    const double part = area * rng.uniform(input.scale_low, input.scale_high);
    const double ratio =
        std::exp(rng.uniform(std::log(input.ratio_low), std::log(input.ratio_high)));
    const double w = std::sqrt(part * ratio), h = std::sqrt(part / ratio);
    const Box box{0, 0, round_half_even(h), round_half_even(w)};
    if (box.width_px < 1 || box.width_px > width || box.height_px < 1 || box.height_px > height)
      continue;
    const int top = int(rng.below(uint64_t(height - box.height_px + 1)));
    const int left = int(rng.below(uint64_t(width - box.width_px + 1)));
    return {top, left, box.height_px, box.width_px};
  }
  return largest_central(height, width, input);
}

}  // namespace

CropDraw draw_crop(int height_px, int width_px, const InputOptions& input, Rng& rng) {
  CropDraw draw;
  draw.box = draw_box(height_px, width_px, input, rng);
  draw.flipped = rng.uniform() < input.hflip_prob;
  return draw;
}

void apply_crop(const Image& image, const CropDraw& draw, const InputOptions& input,
                Resizer& resizer, uint8_t* out) {
  resizer.resize(image, draw.box, input.size_px, input.size_px, input.filter, out, draw.flipped);
}

void center_crop(const Image& image, int resize_px, int size_px, ResizeFilter filter,
                 Resizer& resizer, uint8_t* out) {
  apply_evaluation(image, eval_geometry(image.height_px, image.width_px, resize_px, size_px, false),
                   filter, resizer, out);
}

EvalGeometry eval_geometry(int64_t height_px, int64_t width_px, int resize_px, int size_px,
                           bool square) {
  const int64_t shorter = std::min(height_px, width_px);
  EvalGeometry geometry;
  geometry.height_px = square ? resize_px : int(height_px * resize_px / shorter);
  geometry.width_px = square ? resize_px : int(width_px * resize_px / shorter);
  geometry.window = {round_half_even((geometry.height_px - size_px) / 2.0),
                     round_half_even((geometry.width_px - size_px) / 2.0), size_px, size_px};
  return geometry;
}

void apply_evaluation(const Image& image, const EvalGeometry& geometry, ResizeFilter filter,
                      Resizer& resizer, uint8_t* out) {
  resizer.resize(image, {0, 0, image.height_px, image.width_px}, geometry.height_px,
                 geometry.width_px, geometry.window, filter, out);
}

Shift draw_shift(int pad_px, Rng& rng) {
  const auto places = uint64_t(2 * pad_px + 1);
  const int down = int(rng.below(places)) - pad_px;
  return {down, int(rng.below(places)) - pad_px};
}

void shift_reflecting(const uint8_t* from, int size_px, const Shift& shift, uint8_t* to) {
  const auto source = [size_px](int place) {
    return place < 0 ? -place : place < size_px ? place : 2 * (size_px - 1) - place;
  };
  for (int y = 0; y < size_px; ++y) {
    const uint8_t* row = from + size_t(source(y - shift.down_px)) * size_t(size_px) * 3;
    for (int x = 0; x < size_px; ++x, to += 3)
      std::copy_n(row + 3 * source(x - shift.right_px), 3, to);
  }
}

void flip_columns(uint8_t* rgb, int height_px, int width_px) {
  for (int y = 0; y < height_px; ++y) {
    uint8_t* row = rgb + size_t(y) * size_t(width_px) * 3;
    for (int left = 0, right = width_px - 1; left < right; ++left, --right)
      std::swap_ranges(row + 3 * left, row + 3 * left + 3, row + 3 * right);
  }
}

}  // namespace mra
