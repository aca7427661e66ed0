#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/data/decode.h"
#include "harness/data/picture_grid.h"
#include "tests/data/pictures.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

using Bytes = std::vector<uint8_t>;

Bytes rgb_of(const std::string& png) {
  Image image;
  decode(png, "test", image);
  EXPECT_EQ(image.rgb.size(), size_t(image.width_px) * size_t(image.height_px) * 3);
  return image.rgb;
}

/// A row of grey in three channels.
Bytes grey(const Bytes& values) {
  Bytes rgb;
  for (const uint8_t value : values) rgb.insert(rgb.end(), 3, value);
  return rgb;
}

std::string complaint(const std::string& png) {
  Image image;
  try {
    decode(png, "test", image);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
    return error.what_happened;
  }
  return "";
}

/// Packed samples of a picture in which every pixel is another.
std::string samples(int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += char(i * 37 + (i >> 3));
  return bytes;
}

TEST(DecodePng, GreyOfFewBitsIsSpreadOverAllValues) {
  EXPECT_EQ(rgb_of(png_bytes({4, 0, 1, "\xA0"})), grey({255, 0, 255, 0}));
  EXPECT_EQ(rgb_of(png_bytes({4, 0, 2, "\x1B"})), grey({0, 85, 170, 255}));
  EXPECT_EQ(rgb_of(png_bytes({3, 0, 4, "\x1F\x80"})), grey({17, 255, 136}));
  EXPECT_EQ(rgb_of(png_bytes({2, 0, 8, "\x01\xFE"})), grey({1, 254}));
}

TEST(DecodePng, SixteenBitsOfGreyAreCutOffAt255) {
  const std::string values("\x00\x07\x00\xFF\x01\x00\xFF\xFF", 8);
  EXPECT_EQ(rgb_of(png_bytes({4, 0, 16, values})), grey({7, 255, 255, 255}));
}

TEST(DecodePng, SixteenBitsOfColorLoseTheLowerByte) {
  const std::string color("\x12\xFF\x00\xFF\xFE\x00", 6);
  EXPECT_EQ(rgb_of(png_bytes({1, 2, 16, color})), (Bytes{0x12, 0x00, 0xFE}));
  EXPECT_EQ(rgb_of(png_bytes({1, 6, 16, color + "\x01\x02"})), (Bytes{0x12, 0x00, 0xFE}));
  EXPECT_EQ(rgb_of(png_bytes({1, 4, 16, "\x21\x43\x01\x02"})), grey({0x21}));
}

TEST(DecodePng, AlphaIsDropped) {
  EXPECT_EQ(rgb_of(png_bytes({2, 4, 8, std::string("\x50\x00\x60\xFF", 4)})), grey({0x50, 0x60}));
  EXPECT_EQ(rgb_of(png_bytes({1, 6, 8, std::string("\x01\x02\x03\x00", 4)})), (Bytes{1, 2, 3}));
}

TEST(DecodePng, APaletteGivesItsColorsWhateverTheirAlpha) {
  PngContent content{3, 3, 2, "\x18", "ABCDEFGHI"};  // 0, 1, 2
  const Bytes colors{'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I'};
  EXPECT_EQ(rgb_of(png_bytes(content)), colors);
  content.palette_alpha = std::string("\x00\x80", 2);
  EXPECT_EQ(rgb_of(png_bytes(content)), colors);
}

TEST(DecodePng, InterlacingChangesNoPixel) {
  for (const auto& [color, depth_bits, row_bytes] :
       {std::tuple(0, 1, 2), std::tuple(0, 16, 26), std::tuple(2, 8, 39), std::tuple(6, 16, 104)}) {
    PngContent content{13, color, depth_bits, samples(row_bytes * 11)};
    const Bytes plain = rgb_of(png_bytes(content));
    content.interlaced = true;
    EXPECT_EQ(rgb_of(png_bytes(content)), plain) << color << " " << depth_bits;
  }
}

TEST(DecodePng, EveryTruncationIsRefused) {
  const std::string whole = png_bytes({5, 2, 8, samples(15 * 4)});
  for (size_t size = 8; size < whole.size(); ++size)
    EXPECT_NE(complaint(whole.substr(0, size)), "") << size << " of " << whole.size();
  EXPECT_EQ(complaint(whole.substr(0, whole.size() - 20)),
            "a damaged PNG picture, or of a rare kind: the file is truncated");
}

TEST(DecodePng, DamageIsRefusedWithItsReason) {
  std::string bytes = png_bytes({5, 2, 8, samples(15 * 4)});
  bytes[bytes.find("IEND") - 6] ^= 1;  // in the check sum of the pixels
  EXPECT_NE(complaint(bytes).find("CRC error"), std::string::npos) << complaint(bytes);
}

/// libpng passes over a chunk that it does not know, whatever its place.
TEST(DecodePng, TheSizeThatIsCheckedIsTheOneThatIsRead) {
  std::string bytes = png_bytes({5, 2, 8, samples(15 * 4)});
  const std::string unknown("\0\0\0\x08xxXx\0\0\0\x01\0\0\0\x01\0\0\0\0", 20);
  bytes.insert(8, unknown);
  EXPECT_EQ(complaint(bytes), "states 1x1 pixels and has 5x4");
}

TEST(DecodePng, WhatIsWrittenIsReadBack) {
  const TempDir folder;
  const Image image = test_picture(31, 17);
  write_png(folder / "picture.png", image);
  Image read;
  decode_file(folder / "picture.png", read);
  EXPECT_EQ(read.rgb, image.rgb);
  EXPECT_EQ(read.width_px, 31);
}

}  // namespace
}  // namespace mra
