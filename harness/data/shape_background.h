#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "harness/base/rng.h"
#include "harness/data/image.h"

namespace mra {

using Color = std::array<float, 3>;  ///< RGB, 0–255

/// A square picture while it is painted.
struct Canvas {
  explicit Canvas(int size) : size_px(size), pixels(size_t(size) * size_t(size)) {}

  Color& at(int x, int y) { return pixels[size_t(y) * size_t(size_px) + size_t(x)]; }

  /// Covers part of a pixel with a mix of two colors: `towards_frac` 0 is the first, 1 the second.
  void blend(int x, int y, const Color& first, const Color& second, float towards_frac,
             float covered_frac) {
    Color& pixel = at(x, y);
    for (size_t c = 0; c < 3; ++c) {
      const float color = first[c] + towards_frac * (second[c] - first[c]);
      pixel[c] += covered_frac * (color - pixel[c]);
    }
  }

  int size_px;
  std::vector<Color> pixels;  ///< [size_px, size_px]
};

/// The colors of one picture. They do not depend on its class. The colors of object and background
/// differ enough for the object to be visible.
struct Palette {
  Color back_a, back_b;        ///< of the background
  Color object, object_shade;  ///< of the object, at its two ends
};

Palette draw_palette(Rng& rng);
/// The same, and the object is light before a dark background.
Palette draw_light_on_dark(Rng& rng);

/// Fills the canvas with a gradient, stripes, checks, clouds or blobs of the background colors.
void paint_background(const Palette& palette, Canvas& canvas, Rng& rng);

/// Paints a few strokes and dots of random colors.
void paint_clutter(Canvas& canvas, Rng& rng);

/// Adds noise to every pixel and rounds to 8 bits.
void finish(const Canvas& canvas, Rng& rng, Image& image);

}  // namespace mra
