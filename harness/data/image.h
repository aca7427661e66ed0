#pragma once

#include <cstdint>
#include <functional>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/base/rng.h"

namespace mra {

/// An 8-bit RGB picture, rows top to bottom, channels interleaved. Resizing keeps its memory, so a
/// picture that is reused for every sample soon stops allocating.
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

/// A rectangle of pixels.
struct Box {
  int top_px = 0;
  int left_px = 0;
  int height_px = 0;
  int width_px = 0;
  bool operator==(const Box&) const = default;
};

/// The part of a picture that is needed. A decoder may leave out the rest.
struct WantedPart {
  /// Chooses it, knowing the size of the whole picture.
  std::function<Box(int height_px, int width_px)> choose;
  Box box;  ///< set by the decoder: where the chosen part lies in the decoded picture
};

/// Changes one picture in place without changing its size. Runs on loader threads. All randomness
/// comes from `rng`.
class ImageTransform {
 public:
  using Change = std::function<void(Image& image, Rng& rng)>;

  /// `before_crop`: it changes the whole decoded picture, not the cropped and flipped part.
  template <typename Function>
  requires std::is_invocable_v<Function&, Image&, Rng&> ImageTransform(
      Function change, bool before_crop = false)  // NOLINT: implicit on purpose
      : change_(std::move(change)), before_crop_(before_crop) {}

  void operator()(Image& image, Rng& rng) const { change_(image, rng); }
  bool before_crop() const { return before_crop_; }

 private:
  Change change_;
  bool before_crop_;
};

}  // namespace mra
