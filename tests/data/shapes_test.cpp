#include "harness/data/shapes.h"

#include <array>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace mra {
namespace {

Image picture(const ShapesDataset::Options& options, int64_t index) {
  Image image;
  ShapesDataset(options).read(index, image);
  return image;
}

TEST(Shapes, PictureDependsOnSeedSplitAndIndexAlone) {
  const ShapesDataset::Options options{.size_px = 32, .pictures = 100, .seed = 3};
  ShapesDataset::Options longer = options, reseeded = options, other_split = options;
  longer.pictures = 1'000'000'000;
  reseeded.seed = 4;
  other_split.split = Split::kVal;
  const Image image = picture(options, 17);
  EXPECT_EQ(image.rgb, picture(options, 17).rgb);
  EXPECT_EQ(image.rgb, picture(longer, 17).rgb);
  EXPECT_NE(image.rgb, picture(reseeded, 17).rgb);
  EXPECT_NE(image.rgb, picture(other_split, 17).rgb);
  EXPECT_NE(image.rgb, picture(options, 27).rgb);
  EXPECT_EQ(picture(longer, 999'999'999).width_px, 32);
}

TEST(Shapes, HasTenClassesInEqualNumbers) {
  const ShapesDataset shapes({.pictures = 200});
  EXPECT_EQ(shapes.classes(), 10);
  std::array<int, 10> counts{};
  for (int64_t i = 0; i < shapes.size(); ++i) ++counts.at(size_t(shapes.label(i)));
  for (const int count : counts) EXPECT_EQ(count, 20);
}

TEST(Shapes, LightOnDarkHasLighterObjectsThanBackgrounds) {
  const ShapesDataset shapes({.pictures = 100, .light_on_dark = true});
  for (int64_t i = 0; i < shapes.size(); ++i) {
    Image image;
    shapes.read(i, image);
    const std::vector<uint8_t> object = shapes.object_mask(i);
    std::array<double, 2> sum{}, count{};
    for (size_t p = 0; p < object.size(); ++p) {
      sum[object[p]] += image.rgb[3 * p] + image.rgb[3 * p + 1] + image.rgb[3 * p + 2];
      count[object[p]] += 3;
    }
    EXPECT_GT(sum[1] / count[1], sum[0] / count[0] + 40) << i;
  }
}

TEST(Shapes, MaskIsWhereTheObjectDiffersFromItsBackground) {
  const ShapesDataset shapes({.size_px = 64, .pictures = 200});
  for (int64_t i = 0; i < shapes.size(); ++i) {
    Image image;
    shapes.read(i, image);
    const std::vector<uint8_t> object = shapes.object_mask(i);
    ASSERT_EQ(object.size(), 64u * 64u);
    const int area = std::accumulate(object.begin(), object.end(), 0);
    EXPECT_GT(area, 64 * 64 / 50) << i;
    EXPECT_LT(area, 64 * 64 * 6 / 10) << i;
    // The object is drawn last, so its colors vary little; it is one smooth shade.
    std::array<double, 3> sum{}, squares{};
    for (size_t p = 0; p < object.size(); ++p)
      for (size_t c = 0; c < 3 && object[p]; ++c) {
        sum[c] += image.rgb[3 * p + c];
        squares[c] += double(image.rgb[3 * p + c]) * image.rgb[3 * p + c];
      }
    for (size_t c = 0; c < 3; ++c)
      EXPECT_LT(std::sqrt(squares[c] / area - std::pow(sum[c] / area, 2)), 40) << i;
  }
}

/// Colors must not tell the class: each class has the same mean color, within chance.
TEST(Shapes, ColorDoesNotTellTheClass) {
  const ShapesDataset shapes({.pictures = 5000});
  std::array<double, 10> object_red{}, picture_red{};
  Image image;
  for (int64_t i = 0; i < shapes.size(); ++i) {
    shapes.read(i, image);
    const std::vector<uint8_t> object = shapes.object_mask(i);
    double red = 0, all = 0, area = 0;
    for (size_t p = 0; p < object.size(); ++p) {
      all += image.rgb[3 * p];
      red += object[p] ? image.rgb[3 * p] : 0;
      area += object[p];
    }
    object_red[size_t(shapes.label(i))] += red / area / 500;
    picture_red[size_t(shapes.label(i))] += all / double(object.size()) / 500;
  }
  for (size_t k = 0; k < 10; ++k) {
    EXPECT_NEAR(object_red[k], 127, 14) << shape_names()[k];
    EXPECT_NEAR(picture_red[k], 127, 12) << shape_names()[k];
  }
}

/// The same mask for two classes would make them one.
TEST(Shapes, MasksOfTwoClassesDiffer) {
  const ShapesDataset shapes({.size_px = 64, .pictures = 1000});
  std::array<double, 10> filled{};
  for (int64_t i = 0; i < shapes.size(); ++i) {
    const std::vector<uint8_t> object = shapes.object_mask(i);
    filled[size_t(shapes.label(i))] += std::accumulate(object.begin(), object.end(), 0) / 100.0;
  }
  EXPECT_GT(filled[0], 1.15 * filled[1]);  // disc, ring
  EXPECT_GT(filled[2], 2.0 * filled[7]);   // square, bar
}

TEST(Shapes, OptionsAreChecked) {
  const auto made = [](const char* json, Split split) {
    return make_dataset(SpecReader(Json::parse(json), "spec.json", "/dataset"), split, {});
  };
  const auto set = made(R"({"kind": "shapes", "name": "shapes", "size_px": 16,
                            "train_pictures": 40, "val_pictures": 20})",
                        Split::kVal);
  EXPECT_EQ(set->size(), 20);
  EXPECT_EQ(set->describe(3), "shapes val[3]");
  const auto test = made(R"({"kind": "shapes", "test_pictures": 30})", Split::kTest);
  EXPECT_EQ(test->size(), 30);
  EXPECT_EQ(test->describe(3), "shapes test[3]");
  EXPECT_FALSE(test->object_mask(3).empty());
  EXPECT_THROW(made(R"({"kind": "shapes"})", Split::kTest), Error);
  EXPECT_THROW(made(R"({"kind": "shapes", "size_px": 2})", Split::kTrain), Error);
  EXPECT_THROW(made(R"({"kind": "shapes", "pictures": 2})", Split::kTrain), Error);
  EXPECT_THROW(made(R"({"kind": "shape"})", Split::kTrain), Error);
}

}  // namespace
}  // namespace mra
