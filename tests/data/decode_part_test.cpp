#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/rng.h"
#include "harness/data/decode.h"
#include "tests/data/pictures.h"

namespace mra {
namespace {

/// Colours change from pixel to pixel, so that a block decoded without its neighbours shows.
Image busy_picture(int width, int height) {
  Image image = test_picture(width, height);
  Rng rng({.seed = 5, .purpose = Purpose::kImage});
  for (uint8_t& value : image.rgb) value = uint8_t(value + rng.below(46));
  return image;
}

WantedPart wanted(const Box& box) {
  return {[box](int, int) { return box; }, {}};
}

/// Returns the number of decoded pixels. Fails unless the part has the bytes of the whole.
int64_t compare_part(const std::string& jpeg, const Image& whole, const Box& box) {
  WantedPart part = wanted(box);
  Image image;
  decode_part(jpeg, "test", part, image);
  EXPECT_EQ(part.box.height_px, box.height_px);
  EXPECT_EQ(part.box.width_px, box.width_px);
  for (int y = 0; y < box.height_px; ++y) {
    const uint8_t* row = image.row(part.box.top_px + y) + 3 * part.box.left_px;
    EXPECT_TRUE(
        std::equal(row, row + 3 * box.width_px, whole.row(box.top_px + y) + 3 * box.left_px))
        << "row " << y << " of " << box.height_px << "x" << box.width_px << " at " << box.top_px
        << ", " << box.left_px;
  }
  return int64_t(image.height_px) * image.width_px;
}

Box draw_box(int height, int width, Rng& rng) {
  Box box;
  box.height_px = 1 + int(rng.below(uint64_t(height)));
  box.width_px = 1 + int(rng.below(uint64_t(width)));
  box.top_px = int(rng.below(uint64_t(height - box.height_px + 1)));
  box.left_px = int(rng.below(uint64_t(width - box.width_px + 1)));
  return box;
}

void expect_parts_of_whole(const JpegContent& content, int width, int height) {
  SCOPED_TRACE(testing::Message() << width << "x" << height << ", " << content.components
                                  << " components, " << content.across << "x" << content.down
                                  << (content.progressive ? ", progressive" : "")
                                  << (content.restart_rows ? ", restarts" : ""));
  const std::string jpeg = jpeg_bytes(busy_picture(width, height), content);
  Image whole;
  decode(jpeg, "test", whole);
  Rng rng({.seed = uint64_t(width), .purpose = Purpose::kImage});
  for (int i = 0; i < 60; ++i) compare_part(jpeg, whole, draw_box(height, width, rng));
  for (const int top : {0, height - 1})
    for (const int left : {0, width - 1}) compare_part(jpeg, whole, {top, left, 1, 1});
  compare_part(jpeg, whole, {0, 0, height, width});
}

TEST(DecodePart, HasTheBytesOfTheWhole) {
  for (const auto& [width, height] : {std::pair{1, 1}, {7, 90}, {90, 7}, {64, 48}, {131, 97}}) {
    for (const auto& [across, down] : {std::pair{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 1}, {4, 2}}) {
      expect_parts_of_whole({.across = across, .down = down}, width, height);
      expect_parts_of_whole({.across = across, .down = down, .restart_rows = 1}, width, height);
    }
    expect_parts_of_whole({.components = 1}, width, height);
    expect_parts_of_whole({.components = 4}, width, height);
    expect_parts_of_whole({.progressive = true}, width, height);
    expect_parts_of_whole({.components = 1, .in_many_scans = true}, width, height);
  }
}

TEST(DecodePart, OtherFormatsAreDecodedWhole) {
  const Image image = busy_picture(20, 30);
  EXPECT_EQ(compare_part(ppm_bytes(image), image, {3, 4, 10, 8}), 600);
}

TEST(DecodePart, LeavesOutMostOfTheRest) {
  const std::string jpeg = jpeg_bytes(busy_picture(500, 375));
  Image whole;
  decode(jpeg, "test", whole);
  EXPECT_LT(compare_part(jpeg, whole, {150, 200, 100, 100}), 160 * 160);
}

TEST(DecodePart, TruncatedFilesAreRefusedWhereverTheyEnd) {
  const std::string jpeg = jpeg_bytes(busy_picture(64, 64));
  for (const size_t kept : {jpeg.size() / 2, jpeg.size() - 40}) {
    WantedPart part = wanted({0, 0, 8, 8});
    Image image;
    EXPECT_THROW(decode_part(jpeg.substr(0, kept), "test", part, image), Error) << kept;
  }
}

}  // namespace
}  // namespace mra
