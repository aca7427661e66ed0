#include "harness/data/resize.h"

#include <gtest/gtest.h>

#include "harness/base/rng.h"
#include "harness/data/geometry.h"
#include "tests/data/pictures.h"

namespace mra {
namespace {

std::vector<uint8_t> resized(const Image& image, int width, int height, ResizeFilter filter) {
  std::vector<uint8_t> out(size_t(width) * size_t(height) * 3);
  Resizer().resize(image, {0, 0, image.height_px, image.width_px}, height, width, filter,
                   out.data());
  return out;
}

TEST(Resize, EqualsPillowOnTheTestVectors) {
  const Image image = test_picture(61, 47);
  ASSERT_EQ(crc32(image.rgb), 0x54823428u);
  EXPECT_EQ(crc32(resized(image, 32, 24, ResizeFilter::kBilinear)), 0x98d79838u);
  EXPECT_EQ(crc32(resized(image, 32, 24, ResizeFilter::kBicubic)), 0x541d3c8au);
  EXPECT_EQ(crc32(resized(image, 100, 90, ResizeFilter::kBilinear)), 0xc6e54003u);
  EXPECT_EQ(crc32(resized(image, 100, 90, ResizeFilter::kBicubic)), 0xa5db6fdbu);
}

TEST(Resize, SameSizeChangesNothing) {
  const Image image = test_picture(17, 5);
  EXPECT_EQ(resized(image, 17, 5, ResizeFilter::kBicubic), image.rgb);
}

TEST(Resize, BlackAndWhiteStayWithinEightBits) {
  Image image;
  image.resize(16, 16);
  for (size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = (i / 24) % 2 ? 255 : 0;
  const auto out = resized(image, 37, 37, ResizeFilter::kBicubic);
  EXPECT_EQ(*std::min_element(out.begin(), out.end()), 0);
  EXPECT_EQ(*std::max_element(out.begin(), out.end()), 255);
}

TEST(Resize, PixelsOutsideTheBoxAreNotUsed) {
  Image image = test_picture(40, 30);
  const Box box{4, 7, 20, 25};
  std::vector<uint8_t> before(12 * 12 * 3), after(before.size());
  Resizer resizer;
  resizer.resize(image, box, 12, 12, ResizeFilter::kBicubic, before.data());
  for (int y = 0; y < 30; ++y)
    for (int x = 0; x < 40; ++x)
      if (y < 4 || y >= 24 || x < 7 || x >= 32)
        for (int c = 0; c < 3; ++c) image.row(y)[3 * x + c] ^= 0xFF;
  resizer.resize(image, box, 12, 12, ResizeFilter::kBicubic, after.data());
  EXPECT_EQ(before, after);
}

void expect_window_of_whole(int height, int width, ResizeFilter filter) {
  const Image image = test_picture(53, 71);
  const Box all{0, 0, 71, 53}, window{9, 3, 20, 22};
  std::vector<uint8_t> whole(size_t(height * width * 3)), part(20 * 22 * 3);
  Resizer resizer;
  resizer.resize(image, all, height, width, filter, whole.data());
  resizer.resize(image, all, height, width, window, filter, part.data());
  for (int y = 0; y < 20; ++y)
    EXPECT_TRUE(std::equal(part.begin() + y * 22 * 3, part.begin() + (y + 1) * 22 * 3,
                           whole.begin() + ((y + 9) * width + 3) * 3))
        << height << "x" << width << " row " << y;
}

std::vector<uint8_t> resized_by(const ResizeKernels& kernels, const Image& image, const Box& box,
                                int size, ResizeFilter filter, bool flipped) {
  std::vector<uint8_t> out(size_t(size) * size_t(size + 3) * 3);
  Resizer(kernels).resize(image, box, size, size + 3, filter, out.data(), flipped);
  return out;
}

TEST(Resize, EveryProcessorGivesTheSameBytes) {
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "needs a processor with AVX2";
  Rng rng({.seed = 3, .purpose = Purpose::kImage});
  Image image = test_picture(157, 141);
  for (uint8_t& value : image.rgb)  // extreme values too
    value = rng.below(3) == 0 ? uint8_t(255 * rng.below(2)) : value;
  for (int i = 0; i < 200; ++i) {
    Box box;
    box.height_px = 1 + int(rng.below(141)), box.width_px = 1 + int(rng.below(157));
    box.top_px = int(rng.below(uint64_t(142 - box.height_px)));
    box.left_px = int(rng.below(uint64_t(158 - box.width_px)));
    const int size = 1 + int(rng.below(70));
    for (const ResizeFilter filter : {ResizeFilter::kBilinear, ResizeFilter::kBicubic})
      for (const bool flipped : {false, true})
        EXPECT_EQ(resized_by(kSse2Kernels, image, box, size, filter, flipped),
                  resized_by(kAvx2Kernels, image, box, size, filter, flipped))
            << box.height_px << "x" << box.width_px << " to " << size;
  }
}

TEST(Resize, FlippedIsTheResultReversed) {
  const Image image = test_picture(61, 47);
  for (const int size : {20, 61, 90}) {
    const Box box{1, 2, 40, size == 20 ? 23 : 50};  // 20: as wide as the result
    const auto plain =
        resized_by(fastest_resize_kernels(), image, box, size, ResizeFilter::kBicubic, false);
    auto turned =
        resized_by(fastest_resize_kernels(), image, box, size, ResizeFilter::kBicubic, true);
    flip_columns(turned.data(), size, size + 3);
    EXPECT_EQ(plain, turned) << size;
  }
}

TEST(Resize, WindowIsThatPartOfTheWhole) {
  for (const ResizeFilter filter : {ResizeFilter::kBilinear, ResizeFilter::kBicubic})
    for (const auto& [height, width] : {std::pair{40, 33}, {71, 33}, {40, 53}, {71, 53}, {90, 80}})
      expect_window_of_whole(height, width, filter);
}

TEST(Resize, OneResizerServesEverySizeInTurn) {
  Resizer resizer;
  for (const int size : {1, 2, 3, 64, 5, 130}) {
    const Image image = test_picture(size, 131 - size);
    std::vector<uint8_t> out(31 * 29 * 3);
    resizer.resize(image, {0, 0, 131 - size, size}, 29, 31, ResizeFilter::kBicubic, out.data());
    EXPECT_EQ(out, resized(image, 31, 29, ResizeFilter::kBicubic)) << size;
  }
}

}  // namespace
}  // namespace mra
