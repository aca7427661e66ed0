#include "harness/data/picture_warnings.h"

#include <gtest/gtest.h>

#include "harness/data/decode.h"
#include "tests/data/pictures.h"

namespace mra {
namespace {

/// A PNG file with a chunk whose checksum is wrong, and that readers may pass over.
std::string png_with_a_warning() {
  std::string png = png_bytes({1, 0, 8, "x"});
  const std::string gamma("\0\0\0\4gAMA\0\0\xB1\x8F????", 16);
  return png.insert(png.find("IDAT") - 4, gamma);
}

TEST(PictureWarnings, DecodersGiveTheirFirstWarning) {
  Image image;
  EXPECT_EQ(decode(png_bytes({1, 0, 8, "x"}), "good.png", image), "");
  EXPECT_NE(decode(png_with_a_warning(), "odd.png", image), "");
  const Image ramp = test_picture(16, 16);
  std::string jpeg = jpeg_bytes(ramp, {.components = 1});
  EXPECT_EQ(decode(jpeg, "good.jpg", image), "");
  jpeg.insert(jpeg.size() - 2, "xyz");
  EXPECT_NE(decode(jpeg, "odd.jpg", image), "");
}

TEST(PictureWarnings, EachFileIsToldOnceAndAllAreCounted) {
  testing::internal::CaptureStderr();
  {
    PictureWarnings warnings;
    for (int epoch = 0; epoch < 3; ++epoch) {
      warnings.tell_once("a\x1b.png", "odd");
      warnings.tell_once("b.png", "");
      warnings.tell_once("c.png", "very odd");
    }
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "a\\x1b.png: odd\nc.png: very odd\n"
            "2 pictures with a warning of the decoder; they were read all the same\n");
}

TEST(PictureWarnings, ThousandsAreCountedAndAHundredNamed) {
  testing::internal::CaptureStderr();
  {
    PictureWarnings warnings;
    for (int i = 0; i < 5000; ++i) warnings.tell_once(std::to_string(i), "odd");
  }
  const std::string told = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 101);
  EXPECT_NE(told.find("5000 pictures"), std::string::npos);
}

TEST(PictureWarnings, OpenCvSaysNothingOfItsOwn) {
  testing::internal::CaptureStderr();
  Image image;
  std::string tiff("II*\0\x08\0\0\0\x02\0", 10);
  tiff += std::string("\0\1\3\0\1\0\0\0\4\0\0\0", 12) + std::string("\1\1\3\0\1\0\0\0\4\0\0\0", 12);
  EXPECT_ANY_THROW(decode(tiff, "a.tif", image));
  EXPECT_ANY_THROW(decode("RIFF....WEBPVP8L    \x2f\3\xC0", "a.webp", image));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace mra
