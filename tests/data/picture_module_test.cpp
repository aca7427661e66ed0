#include "harness/data/picture_module.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/data/pictures.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

TEST(PictureModule, WithoutTheLibraryTheErrorSaysWhereItWasLookedFor) {
  const TempDir folder;
  write_bytes(folder / "damaged.so", "no library");
  try {
    open_picture_module({folder / "absent.so", folder / "damaged.so"}, "a.bmp");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
    EXPECT_EQ(error.where, "a.bmp");
    for (const char* said : {"harness-pictures.so", "absent.so: cannot open", "damaged.so: "})
      EXPECT_NE(error.what_happened.find(said), std::string::npos) << error.what_happened;
    EXPECT_NE(error.cure.find("build"), std::string::npos);
  }
}

TEST(PictureModule, IsOpenedOnce) {
  const DecodePicture decode = picture_module("test");
  ASSERT_NE(decode, nullptr);
  EXPECT_EQ(picture_module("test"), decode);
}

TEST(PictureModule, ToldTheWrongSizeItWritesNothing) {
  const Image image = test_picture(3, 2);
  const std::string bytes = ppm_bytes(image);
  std::vector<uint8_t> room(3 * 3 * 3, 9);
  PictureCall call{bytes.data(), bytes.size(), "PNM", false, room.data(), 3, 3, ""};
  picture_module("test")(&call);
  EXPECT_STREQ(call.problem, "states 3x3 pixels and has 3x2");
  EXPECT_EQ(room, std::vector<uint8_t>(room.size(), 9));
}

TEST(PictureModule, WhatOpenCvWouldTakeForDicomIsRefused) {
  std::string bytes = "P6\n100 100\n255\n" + std::string(30'000, 'x');
  std::vector<uint8_t> room(30'000);
  PictureCall call{bytes.data(), bytes.size(), "TIFF", false, room.data(), 100, 100, ""};
  picture_module("test")(&call);
  EXPECT_STREQ(call.problem, "");
  bytes.replace(128, 4, "DICM");
  picture_module("test")(&call);
  EXPECT_STREQ(call.problem, "a TIFF picture that could be DICOM as well");
}

}  // namespace
}  // namespace mra
