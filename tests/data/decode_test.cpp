#include "harness/data/decode.h"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "harness/base/error.h"
#include "harness/base/stopwatch.h"
#include "tests/data/pictures.h"
#include "tests/support/shared_folder.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

Image decoded(const std::string& bytes) {
  Image image;
  decode(bytes, "test", image);
  return image;
}

/// What is wrong with `bytes`; empty when they decode.
std::string complaint(const std::string& bytes) {
  try {
    decoded(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
    EXPECT_EQ(error.where, "test");
    return error.what_happened;
  }
  return "";
}

int largest_difference(const Image& a, const Image& b) {
  int largest = a.rgb.size() == b.rgb.size() ? 0 : 256;
  for (size_t i = 0; i < std::min(a.rgb.size(), b.rgb.size()); ++i)
    largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
  return largest;
}

Image grey_ramp(int width, int height) {
  Image image;
  image.resize(height, width);
  for (size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = uint8_t(40 + 2 * (i / 3 % 64));
  return image;
}

TEST(Decode, PpmIsExact) {
  const Image image = test_picture(13, 7);
  EXPECT_EQ(decoded(ppm_bytes(image)).rgb, image.rgb);
}

TEST(Decode, JpegOfEveryNumberOfComponentsBecomesRgb) {
  const Image grey = grey_ramp(64, 40);
  for (const int components : {1, 3, 4}) {
    const Image image = decoded(jpeg_bytes(grey, {.components = components}));
    EXPECT_EQ(image.width_px, 64);
    EXPECT_EQ(image.height_px, 40);
    EXPECT_LE(largest_difference(image, grey), 3) << components;
  }
}

TEST(Decode, OnePixelIsAPicture) {
  for (const int components : {1, 3, 4})
    EXPECT_EQ(decoded(jpeg_bytes(grey_ramp(1, 1), {.components = components})).rgb.size(), 3u);
  EXPECT_EQ(decoded(ppm_bytes(test_picture(1, 1))).rgb, test_picture(1, 1).rgb);
}

TEST(Decode, SixteenBitsOfGreyAreCutOffAt255) {
  const std::string values("\x00\x07\x00\xFF\x01\x00\xFF\xFF", 8);
  const Image image = decoded("P5\n4 1\n65535\n" + values);
  EXPECT_EQ(image.rgb,
            (std::vector<uint8_t>{7, 7, 7, 255, 255, 255, 255, 255, 255, 255, 255, 255}));
}

TEST(Decode, EveryTruncationOfAJpegIsRefused) {
  const std::string whole = jpeg_bytes(grey_ramp(24, 24));
  for (size_t size = 0; size + 1 < whole.size(); ++size)
    EXPECT_NE(complaint(whole.substr(0, size)), "") << size << " of " << whole.size();
}

TEST(Decode, DamagedBytesAreDecodedOrRefusedButNeverCrash) {
  const std::string whole = jpeg_bytes(test_picture(24, 24));
  int64_t refused = 0, decoded = 0;
  for (size_t at = 0; at < whole.size(); ++at)
    for (const char value : {'\0', '\xFF'}) {
      std::string damaged = whole;
      damaged[at] = value;
      ++(complaint(damaged).empty() ? decoded : refused);
    }
  EXPECT_GT(refused, 0);
  EXPECT_GT(decoded, 0);
}

TEST(Decode, WhatIsNoPictureSaysSo) {
  EXPECT_EQ(complaint(""), "an empty file");
  EXPECT_NE(complaint("hello, this is text").find("not a picture"), std::string::npos);
  EXPECT_NE(complaint("GIF89a and more").find("GIF"), std::string::npos);
  EXPECT_NE(complaint("\xFF\xD8\xFF").find("JPEG"), std::string::npos);
  EXPECT_NE(complaint("BM").find("0x0"), std::string::npos);
  EXPECT_NE(complaint("P6\n-3 4\n255\n"), "");
  EXPECT_NE(complaint(std::string("II*\0\xFF\xFF\xFF\xFF", 8)), "");
}

std::string png_header(uint32_t width, uint32_t height) {
  std::string bytes("\x89PNG\r\n\x1A\n\0\0\0\rIHDR", 16);
  for (const uint32_t value : {width, height})
    for (int shift = 24; shift >= 0; shift -= 8) bytes += char(value >> shift);
  return bytes + std::string("\x08\x02\0\0\0", 5);
}

TEST(Decode, HugePicturesAreRefusedBeforeTheyTakeMemory) {
  const std::string too_many = "expected at most 64 million";
  EXPECT_NE(complaint("P6\n10000 10000\n255\n").find(too_many), std::string::npos);
  EXPECT_NE(complaint(png_header(10000, 10000)).find(too_many), std::string::npos);
  EXPECT_NE(complaint(png_header(4'000'000'000u, 4'000'000'000u)).find("sides"), std::string::npos);
  std::string jpeg = jpeg_bytes(grey_ramp(8, 8), {.components = 1});
  const size_t frame = jpeg.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  for (const size_t at : {frame + 5, frame + 7}) jpeg.replace(at, 2, "\x27\x10");  // 10000
  EXPECT_NE(complaint(jpeg).find(too_many), std::string::npos);
}

TEST(Decode, ScansAreBoundedByThePixelsTheyPassOver) {
  const Image ramp = grey_ramp(8, 8);
  std::string jpeg = jpeg_bytes(ramp, {.components = 1, .in_many_scans = true});
  EXPECT_EQ(decoded(jpeg).rgb, decoded(jpeg_bytes(ramp, {.components = 1})).rgb);
  const size_t frame = jpeg.find("\xFF\xC2");
  ASSERT_NE(frame, std::string::npos);
  for (const size_t at : {frame + 5, frame + 7}) jpeg.replace(at, 2, "\x13\x88");  // 5000
  EXPECT_NE(complaint(jpeg).find("more scans"), std::string::npos);
}

TEST(Decode, OnlyRegularFilesAreOpened) {
  const TempDir folder;
  const fs::path pipe = folder / "a.jpg";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  Image image;
  for (const fs::path& path : {pipe, fs::path("/dev/zero")}) {
    try {
      decode_file(path, image);
      ADD_FAILURE() << path;
    } catch (const Error& error) {
      EXPECT_EQ(error.where, path.string());
      EXPECT_NE(error.what_happened.find("not a file"), std::string::npos) << error.what();
    }
  }
}

TEST(Decode, ErrorsNameTheFile) {
  Image image;
  try {
    decode_file("no/such/file.jpg", image);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("no/such/file.jpg"), std::string::npos);
  }
}

fs::path bad_images() {
  return shared_folder() / "data" / "formats" / "bad_images";
}

TEST(BadImages, EachDecodesOrIsNamedInAnErrorInTimeAndMemory) {
  if (!fs::is_directory(bad_images())) GTEST_SKIP() << bad_images() << " is absent";
  int good = 0, bad = 0;
  Image image;
  for (const auto& entry : fs::recursive_directory_iterator(bad_images())) {
    if (!entry.is_regular_file()) continue;
    const Stopwatch watch;
    try {
      decode_file(entry.path(), image);
      ++good;
      EXPECT_EQ(image.rgb.size(), size_t(image.width_px) * size_t(image.height_px) * 3);
    } catch (const Error& error) {
      ++bad;
      EXPECT_EQ(error.kind, ErrorKind::kIntegrity) << error.what();
      EXPECT_EQ(error.where, entry.path().string());
    }
    EXPECT_LT(watch.elapsed_s(), 20) << entry.path();
  }
  EXPECT_GT(good, 90);
  EXPECT_GT(bad, 20);
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 1 << 20) << "KiB";
}

/// pillow_verdicts.txt: path, width, height, CRC-32 of the pixels, or "error", all from Pillow 9.4.
/// Left out: GIF, which we do not read, and damaged files where the libraries differ.
TEST(BadImages, PixelsAreThoseOfPillow) {
  if (!fs::is_directory(bad_images())) GTEST_SKIP() << bad_images() << " is absent";
  std::ifstream verdicts(fs::path(HARNESS_SOURCE_DIR) / "tests/data/pillow_verdicts.txt");
  int compared = 0;
  Image image;
  for (std::string path, first; verdicts >> path >> first; ++compared) {
    if (first == "error") {
      EXPECT_THROW(decode_file(bad_images() / path, image), Error) << path;
      continue;
    }
    int height = 0;
    std::string crc;
    verdicts >> height >> crc;
    ASSERT_NO_THROW(decode_file(bad_images() / path, image)) << path;
    EXPECT_EQ(image.width_px, std::stoi(first)) << path;
    EXPECT_EQ(image.height_px, height) << path;
    EXPECT_EQ(crc32(image.rgb), uint32_t(std::stoul(crc, nullptr, 16))) << path;
  }
  EXPECT_GT(compared, 130);
}

}  // namespace
}  // namespace mra
