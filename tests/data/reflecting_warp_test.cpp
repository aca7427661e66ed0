#include "harness/data/reflecting_warp.h"

#include <gtest/gtest.h>

namespace mra {
namespace {

Image picture(int height, int width) {
  Image image;
  image.resize(height, width);
  for (size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = uint8_t(i * 37 % 251);
  return image;
}

Image warped(Image image, const TurnAndShift& motion) {
  Image scratch;
  warp_reflecting(image, motion, scratch);
  return image;
}

TEST(ReflectingWarp, LeavesThePictureAloneWithoutMotion) {
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 7}, {9, 1}, {31, 24}}) {
    const Image image = picture(height, width);
    EXPECT_EQ(warped(image, {}).rgb, image.rgb) << height << "x" << width;
  }
}

TEST(ReflectingWarp, ReflectsWithoutRepeatingTheEdge) {
  const Image image = picture(4, 8);
  const Image shifted = warped(image, {.shift_x_frac = 0.25});  // two pixels to the right
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 8; ++x)
      for (int c = 0; c < 3; ++c)
        EXPECT_EQ(shifted.row(y)[3 * x + c], image.row(y)[3 * std::abs(x - 2) + c]);
}

TEST(ReflectingWarp, TurnsCounterClockwise) {
  Image image = picture(9, 9);
  std::fill(image.rgb.begin(), image.rgb.end(), uint8_t(0));
  image.row(4)[3 * 7] = 200;  // right of the middle
  const Image turned = warped(image, {.degrees = 90});
  EXPECT_EQ(turned.row(2)[3 * 4], 200);  // above it: the middle is (4.5, 4.5)
}

TEST(ReflectingWarp, MixesNeighboursByTheirShare) {
  Image image = picture(1, 4);
  for (int x = 0; x < 4; ++x) image.rgb[size_t(3 * x)] = uint8_t(100 * (x % 2));
  const Image shifted = warped(image, {.shift_x_frac = 1.0 / 16});  // a quarter pixel
  EXPECT_EQ(shifted.rgb[3 * 1], 75);
  EXPECT_EQ(shifted.rgb[3 * 2], 25);
}

TEST(ReflectingWarp, SurvivesPicturesAndMotionsOfAnySize) {
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 2}, {3, 1}, {5, 6}}) {
    const Image image = picture(height, width);
    for (const double scale : {0.0, 1e-12, 1e9, -3.0})
      EXPECT_EQ(warped(image, {.degrees = 33, .scale = scale, .shift_y_frac = 1e6}).rgb.size(),
                image.rgb.size());
    EXPECT_EQ(warped(picture(1, 1), {.degrees = 77, .shift_x_frac = -1}).rgb, picture(1, 1).rgb);
  }
}

}  // namespace
}  // namespace mra
