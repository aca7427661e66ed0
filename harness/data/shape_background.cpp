#include "harness/data/shape_background.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mra {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

struct Levels {
  double least = 10, most = 245;
};

Color draw_color(Rng& rng, Levels levels = {}) {
  Color color;
  for (float& channel : color) channel = float(rng.uniform(levels.least, levels.most));
  return color;
}

Color near_color(const Color& color, double spread, Rng& rng) {
  Color other;
  for (size_t c = 0; c < 3; ++c)
    other[c] = std::clamp(color[c] + float(rng.uniform(-spread, spread)), 5.0f, 250.0f);
  return other;
}

float color_distance(const Color& a, const Color& b) {
  float sum = 0;
  for (size_t c = 0; c < 3; ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return std::sqrt(sum);
}

float smooth(float t) {
  return t * t * (3 - 2 * t);
}

/// Fills the canvas with mixes of two palette colors. `part` returns the share of the second, 0–1.
template <typename Part>
void fill(const Palette& palette, Canvas& canvas, Part part) {
  const float step = 1.0f / float(canvas.size_px);
  for (int y = 0; y < canvas.size_px; ++y)
    for (int x = 0; x < canvas.size_px; ++x)
      canvas.blend(x, y, palette.back_a, palette.back_b,
                   part((float(x) + 0.5f) * step, (float(y) + 0.5f) * step), 1.0f);
}

void paint_gradient(const Palette& palette, Canvas& canvas, Rng& rng) {
  const double turn = rng.uniform(0, kTurn);
  const float u = float(std::cos(turn)), v = float(std::sin(turn));
  fill(palette, canvas, [=](float x, float y) {
    return std::clamp(0.5f + (x - 0.5f) * u + (y - 0.5f) * v, 0.0f, 1.0f);
  });
}

void paint_stripes(const Palette& palette, Canvas& canvas, Rng& rng) {
  const double turn = rng.uniform(0, kTurn), waves = rng.uniform(2, 6);
  const float u = float(std::cos(turn) * waves), v = float(std::sin(turn) * waves);
  const float phase = float(rng.uniform()), sharpness = float(rng.uniform(1, 4));
  fill(palette, canvas, [=](float x, float y) {
    const float place = x * u + y * v + phase;
    const float wave = 4 * std::abs(place - std::floor(place) - 0.5f) - 1;  // -1 … 1
    return std::clamp(0.5f + 0.5f * sharpness * wave, 0.0f, 1.0f);
  });
}

void paint_checks(const Palette& palette, Canvas& canvas, Rng& rng) {
  const double turn = rng.uniform(0, kTurn), cells = rng.uniform(3, 7);
  const float u = float(std::cos(turn) * cells), v = float(std::sin(turn) * cells);
  const float phase_u = float(rng.uniform()), phase_v = float(rng.uniform());
  fill(palette, canvas, [=](float x, float y) {
    const int column = int(std::floor(x * u + y * v + phase_u));
    const int row = int(std::floor(y * u - x * v + phase_v));
    return float((column + row) & 1);
  });
}

/// Paints random heights on a coarse grid, interpolated smoothly.
void paint_clouds(const Palette& palette, Canvas& canvas, Rng& rng) {
  constexpr int kMostCells = 8;
  const int cells = 3 + int(rng.below(kMostCells - 2));
  std::array<std::array<float, kMostCells + 2>, kMostCells + 2> heights{};
  for (auto& row : heights)
    for (float& height : row) height = float(rng.uniform());
  fill(palette, canvas, [&](float x, float y) {
    const float gx = x * float(cells), gy = y * float(cells);
    const auto column = size_t(gx), row = size_t(gy);
    const float tx = smooth(gx - float(column)), ty = smooth(gy - float(row));
    const auto across = [&](const auto& line) {
      return line[column] + tx * (line[column + 1] - line[column]);
    };
    const float above = across(heights[row]), below = across(heights[row + 1]);
    return above + ty * (below - above);
  });
}

void paint_blobs(const Palette& palette, Canvas& canvas, Rng& rng) {
  struct Blob {
    float x, y, scale;
  };
  std::array<Blob, 6> blobs;
  for (Blob& blob : blobs) {
    const double radius = rng.uniform(0.06, 0.16);
    blob = {float(rng.uniform()), float(rng.uniform()), float(1 / (radius * radius))};
  }
  fill(palette, canvas, [&](float x, float y) {
    float most = 0;
    for (const Blob& blob : blobs) {
      const float dx = x - blob.x, dy = y - blob.y;
      most = std::max(most, 1.6f - (dx * dx + dy * dy) * blob.scale);
    }
    return std::min(most, 1.0f);
  });
}

/// Paints a line with round ends, `half_px` wide to each side.
void paint_stroke(float x0, float y0, float x1, float y1, float half_px, const Color& color,
                  Canvas& canvas) {
  const int last = canvas.size_px - 1, reach = int(half_px) + 2;
  const float dx = x1 - x0, dy = y1 - y0, square = std::max(dx * dx + dy * dy, 1e-6f);
  const int left = std::max(0, int(std::min(x0, x1)) - reach);
  const int right = std::min(last, int(std::max(x0, x1)) + reach);
  const int top = std::max(0, int(std::min(y0, y1)) - reach);
  const int bottom = std::min(last, int(std::max(y0, y1)) + reach);
  for (int y = top; y <= bottom; ++y)
    for (int x = left; x <= right; ++x) {
      const float px = float(x) + 0.5f - x0, py = float(y) + 0.5f - y0;
      const float along = std::clamp((px * dx + py * dy) / square, 0.0f, 1.0f);
      const float ex = px - along * dx, ey = py - along * dy;
      const float covered = half_px + 0.5f - std::sqrt(ex * ex + ey * ey);
      canvas.blend(x, y, color, color, 0, std::clamp(covered, 0.0f, 1.0f));
    }
}

Palette draw_palette_of(Levels background, Levels object, Rng& rng) {
  constexpr float kVisible = 130;
  Palette palette;
  palette.back_a = draw_color(rng, background);
  palette.back_b = near_color(palette.back_a, 60, rng);
  do {
    palette.object = draw_color(rng, object);
    palette.object_shade = near_color(palette.object, 40, rng);
  } while (std::min({color_distance(palette.object, palette.back_a),
                     color_distance(palette.object, palette.back_b),
                     color_distance(palette.object_shade, palette.back_a),
                     color_distance(palette.object_shade, palette.back_b)}) < kVisible);
  return palette;
}

}  // namespace

Palette draw_palette(Rng& rng) {
  return draw_palette_of({}, {}, rng);
}

Palette draw_light_on_dark(Rng& rng) {
  return draw_palette_of({10, 90}, {160, 245}, rng);
}

void paint_background(const Palette& palette, Canvas& canvas, Rng& rng) {
  static constexpr void (*kTextures[])(const Palette&, Canvas&, Rng&) = {
      paint_gradient, paint_stripes, paint_checks, paint_clouds, paint_blobs};
  kTextures[rng.below(std::size(kTextures))](palette, canvas, rng);
}

void paint_clutter(Canvas& canvas, Rng& rng) {
  const double size = canvas.size_px;
  const int strokes = 2 + int(rng.below(5));
  for (int i = 0; i < strokes; ++i) {
    const double x = rng.uniform(0, size), y = rng.uniform(0, size), turn = rng.uniform(0, kTurn);
    const double length = rng.uniform() < 0.5 ? 0 : rng.uniform(0.08, 0.25) * size;
    const double half = rng.uniform(0.015, 0.035) * size;
    const Color color = draw_color(rng);
    paint_stroke(float(x), float(y), float(x + length * std::cos(turn)),
                 float(y + length * std::sin(turn)), float(half), color, canvas);
  }
}

void finish(const Canvas& canvas, Rng& rng, Image& image) {
  const float spread = float(rng.uniform(2, 10));  // largest change, in 8-bit levels
  image.resize(canvas.size_px, canvas.size_px);
  for (size_t i = 0; i < canvas.pixels.size(); ++i) {
    const uint32_t bits = rng.next_u32();
    for (size_t c = 0; c < 3; ++c) {
      const float noise = float((bits >> (10 * c)) & 1023) / 511.5f - 1;  // -1 … 1
      const float level = std::clamp(canvas.pixels[i][c] + spread * noise, 0.0f, 255.0f);
      image.rgb[3 * i + c] = uint8_t(level + 0.5f);
    }
  }
}

}  // namespace mra
