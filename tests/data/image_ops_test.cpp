#include "harness/data/image_ops.h"

#include <functional>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/rng.h"
#include "harness/data/avx2.h"
#include "harness/data/named_op.h"
#include "harness/data/resize.h"

namespace mra {
namespace {

/// A picture that any program can draw: what Pillow 9.4 makes of it is known by its checksums.
Image test_picture() {
  Image image;
  image.resize(47, 61);
  for (int y = 0; y < 47; ++y)
    for (int x = 0; x < 61; ++x)
      for (int c = 0; c < 3; ++c) {
        const int wave = 7 * x + 13 * y + 29 * c + ((x * y) >> 3) + ((x * x + 3 * y * y) >> 6);
        image.row(y)[3 * x + c] = uint8_t(60 + (wave & 255) * 150 / 255);
      }
  return image;
}

uint32_t crc32(const std::vector<uint8_t>& bytes) {
  uint32_t crc = ~0u;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0u);
  }
  return ~crc;
}

NamedOp op(const std::string& name, double value = 0, Resample resample = Resample::kNearest,
           Rgb fill = {0, 0, 0}) {
  NamedOp made;
  made.name = name;
  made.value = value;
  made.sampling = {resample, fill};
  return made;
}

struct Vector {
  NamedOp op;
  uint32_t crc;
};

TEST(ImageOps, HaveTheChecksumsOfPillow) {
  constexpr auto kBilinear = Resample::kBilinear, kBicubic = Resample::kBicubic;
  const Rgb grey{128, 128, 128}, mean{124, 116, 104}, black{0, 0, 0};
  ASSERT_EQ(crc32(test_picture().rgb), 0x54823428u);
  const std::vector<Vector> vectors = {
      {op("Color", 0.28), 0x8ecb7785},
      {op("Color", 1.72), 0x562a79fa},
      {op("Contrast", 0.46), 0x2266eb06},
      {op("Contrast", 1.54), 0xff953166},
      {op("Brightness", 0.64), 0x341f1e50},
      {op("Brightness", 1.72), 0xf71ecbc4},
      {op("Smooth"), 0x64404e60},
      {op("Sharpness", 0.1), 0x65daaef9},
      {op("Sharpness", 1.9), 0xe257d16c},
      {op("AutoContrast"), 0xe5926652},
      {op("Equalize"), 0x8e35c432},
      {op("Invert"), 0xd24baf31},
      {op("Posterize", 5), 0xa367c3da},
      {op("Solarize", 128), 0x2b379e96},
      {op("ShearX", 0.27), 0x7a4cc23a},
      {op("ShearX", 0.27, kBilinear, grey), 0x9024cb09},
      {op("ShearY", -0.27, kBicubic, mean), 0xa6b22e04},
      {op("TranslateX", 10.37), 0x8b4d4ecf},
      {op("TranslateY", -9.5, kBilinear, black), 0x5970da20},
      {op("Rotate", 27), 0x44f5ffb9},
      {op("Rotate", -13.5, kBilinear, grey), 0x25fdd600},
      {op("Rotate", 27, kBicubic, black), 0x56866b25},
  };
  Image scratch;
  for (const Vector& vector : vectors) {
    Image image = test_picture();
    apply(vector.op, image, scratch);
    EXPECT_EQ(crc32(image.rgb), vector.crc) << vector.op.name << " " << vector.op.value;
    EXPECT_EQ(image.width_px, 61) << vector.op.name;
  }
  Image grey_image = test_picture();
  grayscale(grey_image);
  EXPECT_EQ(crc32(grey_image.rgb), 0xe7dc6c26u);
}

TEST(ImageOps, ResizingHasTheChecksumsOfPillow) {
  struct Size {
    int width, height;
    ResizeFilter filter;
    uint32_t crc;
  };
  for (const Size& size : {Size{32, 24, ResizeFilter::kBilinear, 0x98d79838},
                           Size{32, 24, ResizeFilter::kBicubic, 0x541d3c8a},
                           Size{100, 90, ResizeFilter::kBilinear, 0xc6e54003},
                           Size{100, 90, ResizeFilter::kBicubic, 0xa5db6fdb}}) {
    std::vector<uint8_t> out(size_t(size.width) * size_t(size.height) * 3);
    Resizer().resize(test_picture(), {0, 0, 47, 61}, size.height, size.width, size.filter,
                     out.data());
    EXPECT_EQ(crc32(out), size.crc) << size.width;
  }
}

TEST(ImageOps, TheEndsOfTheirRangesAreWhatTheyShouldBe) {
  const Image picture = test_picture();
  Image scratch;
  const auto changed = [&](const NamedOp& made) {
    Image image = picture;
    apply(made, image, scratch);
    return image.rgb;
  };
  for (const char* name : {"Color", "Contrast", "Brightness", "Sharpness"})
    EXPECT_EQ(changed(op(name, 1)), picture.rgb) << name;
  EXPECT_EQ(changed(op("Posterize", 8)), picture.rgb);
  EXPECT_EQ(changed(op("Posterize", 0)), std::vector<uint8_t>(picture.rgb.size(), 0));
  EXPECT_EQ(changed(op("Solarize", 256)), picture.rgb);
  EXPECT_EQ(changed(op("Solarize", 0)), changed(op("Invert")));
  for (const char* name : {"ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate"})
    EXPECT_EQ(changed(op(name, 0)), picture.rgb) << name;
  EXPECT_EQ(changed(op("Rotate", 360)), picture.rgb);
}

TEST(ImageOps, TwoHalfTurnsAreNone) {
  Image image = test_picture(), scratch;
  rotate(image, 180, {}, scratch);
  EXPECT_NE(image.rgb, test_picture().rgb);
  rotate(image, 180, {}, scratch);
  EXPECT_EQ(image.rgb, test_picture().rgb);
}

TEST(ImageOps, APictureOfOnePixelSurvivesThemAll) {
  Image scratch;
  for (const std::string& name : named_ops())
    for (const Resample resample : {Resample::kNearest, Resample::kBilinear, Resample::kBicubic}) {
      Image image;
      image.resize(1, 1);
      image.rgb = {10, 200, 30};
      apply(op(name, 0.5, resample), image, scratch);
      EXPECT_EQ(image.rgb.size(), 3u) << name;
    }
}

/// Restores the choice of the processor's own instructions.
struct WithoutAvx2 {
  WithoutAvx2() { use_avx2(false); }
  ~WithoutAvx2() { use_avx2(true); }
};

Image changed(const NamedOp& operation, Image image) {
  Image scratch;
  apply(operation, image, scratch);
  return image;
}

Image noise(int width, int height) {
  Image image;
  image.resize(height, width);
  Rng rng({.seed = uint64_t(width), .purpose = Purpose::kImage});
  for (uint8_t& value : image.rgb) value = uint8_t(rng.below(256));
  return image;
}

TEST(ImageOps, EveryProcessorGivesTheSameBytes) {
  if (!uses_avx2()) GTEST_SKIP() << "needs a processor with AVX2";
  for (const auto& [width, height] : {std::pair{1, 1}, {5, 3}, {31, 40}, {64, 33}, {131, 97}}) {
    const Image image = noise(width, height);
    for (const std::string& name : named_ops())
      for (const double value : {-0.31, 0.0, 0.27, 1.72, 7.0, 27.3})
        for (const Resample resample :
             {Resample::kNearest, Resample::kBilinear, Resample::kBicubic}) {
          const NamedOp operation = op(name, name == "Posterize" ? 3 : value, resample, {9, 8, 7});
          const Image wide = changed(operation, image);
          const WithoutAvx2 without;
          EXPECT_EQ(wide.rgb, changed(operation, image).rgb)
              << name << " " << value << " of " << width << "x" << height;
        }
  }
}

TEST(ImageOps, AnUnknownOneIsNamedWithTheNearest) {
  Image image = test_picture(), scratch;
  try {
    apply(op("Sharpnes", 1), image, scratch);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_NE(error.cure.find("Sharpness"), std::string::npos) << error.what();
  }
}

TEST(NamedOp, IsHeardWithItsValueWhileSomebodyListens) {
  Image image, scratch;
  image.resize(4, 4);
  apply({"Rotate", 30, {}}, image, scratch);
  const HeardOps ops;
  apply({"Rotate", -12.5, {}}, image, scratch);
  apply({"Equalize", 3, {}}, image, scratch);
  note_op("hue", 0.25);
  EXPECT_EQ(ops.heard(), (std::vector<std::string>{"Rotate -12.5", "Equalize", "hue 0.25"}));
}

}  // namespace
}  // namespace mra
