// Pictures of every format and bit depth, and Pillow's convert("RGB") of them:
// make_pillow_pictures.py wrote the list.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/data/decode.h"
#include "tests/data/pictures.h"
#include "tests/support/shared_folder.h"

namespace mra {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

std::string from_base64(const std::string& text) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char letter : text) {
    if (letter == '=') break;
    bits = bits << 6 | uint32_t(letters.find(letter));
    count += 6;
    if (count >= 8) bytes += char(bits >> (count -= 8));
  }
  return bytes;
}

/// Kinds that are refused by name, as our decoders do not read them as Pillow does: the starts of
/// their names.
constexpr const char* kRefused[] = {
    "BMP in runs with steps",
    "TIFF II, CMYK",
    "TIFF II, LAB",
    "TIFF II, RGB and",
    "TIFF II, RGB, 16 bits, planes 2",
    "TIFF II, RGBA (), 16 bits, planes 2",
    "TIFF II, RGBA (0,), 16 bits, planes 2",
    "TIFF II, RGBA (1,)",
    "TIFF II, RGBA (2,), 8 bits",
    "TIFF II, RGBA (2,), 16 bits, planes 2",
    "TIFF II, RGBA (999,)",
    "TIFF II, YCbCr",
    "TIFF II, grey of",
    "TIFF II, orientation",
    "TIFF II, palette, 2 bits",
    "TIFF II, palette, 4 bits",
    "TIFF II, photometric 0, 2 bits",
    "TIFF II, photometric 0, 4 bits",
    "TIFF II, photometric 1, 2 bits",
    "TIFF II, photometric 1, 4 bits",
    "TIFF II, photometric 1, 12 bits",
    "TIFF II, photometric 1, 32 bits",
    "TIFF II, tiles",
    "TIFF in whole tiles, photometric 1, 8 bits",
    "TIFF in whole tiles, photometric 2, 8 bits",
    "TIFF in whole tiles, photometric 3, 8 bits",
    "TIFF of CMYK",
    "TIFF of F",
    "TIFF of I,",
    "TIFF of LAB",
    "TIFF of RGBA",
    "TIFF of YCbCr, ",
    "TIFF without a photometric",
    "WebP of two pictures",
};
constexpr const char* kReadAllTheSame[] = {"TIFF II, orientation 1", "TIFF of YCbCr, jpeg"};

bool may_be_refused(std::string name) {
  if (name.starts_with("TIFF MM")) name.replace(5, 2, "II");
  const auto starts = [&](const char* start) { return name.starts_with(start); };
  return std::any_of(std::begin(kRefused), std::end(kRefused), starts) &&
         std::none_of(std::begin(kReadAllTheSame), std::end(kReadAllTheSame), starts);
}

}  // namespace

TEST(PillowPictures, EachIsReadAsPillowDoesOrRefusedByName) {
  const Json pictures =
      Json::parse(read_file(fs::path(HARNESS_SOURCE_DIR) / "tests/data/pillow_pictures.json"));
  EXPECT_GT(pictures.size(), 400u);
  size_t read = 0;
  for (const auto& [name, expected] : pictures.items()) {
    Image image;
    try {
      decode(from_base64(expected["file"]), name, image);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kIntegrity) << error.what();
      EXPECT_TRUE(may_be_refused(name)) << "refused: " << error.what();
      continue;
    }
    ++read;
    EXPECT_FALSE(may_be_refused(name)) << "read: " << name;
    EXPECT_EQ(image.width_px, expected["width_px"]) << name;
    EXPECT_EQ(image.height_px, expected["height_px"]) << name;
    EXPECT_EQ(crc32(image.rgb), expected["crc32"].get<uint32_t>()) << "wrong pixels: " << name;
  }
  EXPECT_GT(read, 250u);
}

TEST(PillowPictures, ThoseOfUsersAreReadOrRefusedByName) {
  const fs::path folder = shared_folder() / "cases" / "pictures";
  if (!fs::is_directory(folder)) GTEST_SKIP() << folder << " is absent";
  // CRC-32 of Pillow's pixels; 0: alpha that OpenCV multiplies with, which is refused.
  const std::map<std::string, uint32_t> expected = {
      {"b32bf_rgbx.bmp", 0xD68B52BDu},   {"b555.bmp", 0x3E45C1A0u},  {"p5_100.pgm", 0xA281B1D3u},
      {"p6_1023.ppm", 0xD68B52BDu},      {"p6_15.ppm", 0x0AE69CB1u}, {"rgba_lzw.tif", 0x00000000u},
      {"rgba_unassoc.tif", 0x00000000u},
  };
  Image image;
  for (const auto& [name, crc] : expected) {
    if (crc == 0) {
      EXPECT_THROW(decode_file(folder / name, image), Error) << name;
      continue;
    }
    EXPECT_NO_THROW(decode_file(folder / name, image)) << name;
    EXPECT_EQ(crc32(image.rgb), crc) << name;
  }
}

}  // namespace mra
