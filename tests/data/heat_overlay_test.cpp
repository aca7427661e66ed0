#include "harness/data/heat_overlay.h"

#include <limits>

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace mra {
namespace {

using Colour = std::array<uint8_t, 3>;

TEST(HeatOverlay, ColdIsBlueAndHotIsRed) {
  const auto colours = jet_colours();
  EXPECT_EQ(colours[0], (Colour{0, 0, 128}));
  EXPECT_EQ(colours[255], (Colour{128, 0, 0}));
  EXPECT_GT(colours[128][1], 200);  // green in the middle
}

TEST(HeatOverlay, HalfOfEachIsSeenAndTheBrightestPartIsFull) {
  const std::vector<float> map{0.0f, 1.0f}, rgb{1, 1, 1, 0, 0, 0};
  const Image image = heat_overlay(map, rgb, 1, 2);
  // White under 128 of blue: (0.5, 0.5, 0.751); black under 128 of red: (0.251, 0, 0).
  EXPECT_EQ(image.rgb, (std::vector<uint8_t>{169, 169, 255, 85, 0, 0}));
}

TEST(HeatOverlay, ValuesOutsideTheRangeTakeTheColourOfItsEnds) {
  const std::vector<float> wild{-1, 2, std::numeric_limits<float>::quiet_NaN()}, tame{0, 1, 0};
  const std::vector<float> rgb(9, 0.5f);
  EXPECT_EQ(heat_overlay(wild, rgb, 1, 3).rgb, heat_overlay(tame, rgb, 1, 3).rgb);
}

TEST(HeatOverlay, AMapOfAnotherSizeIsRefused) {
  const std::vector<float> map(4), rgb(6);
  EXPECT_THROW(heat_overlay(map, rgb, 1, 2), Error);
}

}  // namespace
}  // namespace mra
