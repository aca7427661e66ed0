#pragma once

#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/base/rng.h"

namespace mra {

/// An 8-bit RGB picture, rows top to bottom, channels interleaved. Its memory is kept when it is
/// resized, so a picture reused for every sample of a worker allocates nothing after the first few.
struct Image {
  int height_px = 0;
  int width_px = 0;
  std::vector<uint8_t> rgb;  ///< [height_px, width_px, 3]

  void resize(int height, int width) {
    height_px = height;
    width_px = width;
    rgb.resize(size_t(height) * size_t(width) * 3);
  }
  uint8_t* row(int y) { return rgb.data() + size_t(y) * size_t(width_px) * 3; }
  const uint8_t* row(int y) const { return rgb.data() + size_t(y) * size_t(width_px) * 3; }
};

/// A change of one picture in place, of the same size after it; runs on loader threads.
/// All randomness comes from `rng`.
class ImageTransform {
 public:
  using Change = std::function<void(Image& image, Rng& rng)>;

  /// `before_crop`: changes the whole decoded picture, not what is cut out of it and flipped.
  template <typename Function>
  requires std::is_invocable_v<Function&, Image&, Rng&> ImageTransform(
      Function change, bool before_crop = false)  // NOLINT: a change is a transform
      : change_(std::move(change)), before_crop_(before_crop) {}

  void operator()(Image& image, Rng& rng) const { change_(image, rng); }
  bool before_crop() const { return before_crop_; }

 private:
  Change change_;
  bool before_crop_;
};

}  // namespace mra
