#include "harness/data/geometry.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/data/pictures.h"

namespace mra {
namespace {

Rng stream(uint64_t index) {
  return Rng({.seed = 1, .index = index, .purpose = Purpose::kImage});
}

TEST(Crop, LiesInThePictureAndKeepsAreaAndRatio) {
  InputOptions input;
  input.size_px = 32;
  input.scale_low = 0.25;
  double mean_area = 0, mean_log_ratio = 0;
  constexpr int kDraws = 4000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    const Box box = draw_crop(300, 400, input, rng).box;
    ASSERT_GE(box.top_px, 0);
    ASSERT_GE(box.left_px, 0);
    ASSERT_LE(box.top_px + box.height_px, 300);
    ASSERT_LE(box.left_px + box.width_px, 400);
    const double ratio = double(box.width_px) / box.height_px;
    ASSERT_GT(ratio, 0.74);
    ASSERT_LT(ratio, 1.345);
    const double area = box.height_px * box.width_px / 120000.0;
    ASSERT_GT(area, 0.245);
    ASSERT_LT(area, 1.005);
    mean_area += area / kDraws;
    mean_log_ratio += std::log(ratio) / kDraws;
  }
  // Boxes higher or wider than the picture are drawn again, which favors small ones.
  EXPECT_NEAR(mean_area, 0.522, 0.015);
  EXPECT_NEAR(mean_log_ratio, 0.041, 0.012);
}

TEST(Crop, FallsBackToTheLargestCentralPart) {
  InputOptions input;
  input.scale_low = input.scale_high = 1.0;
  Rng rng = stream(0);
  EXPECT_EQ(draw_crop(10, 1000, input, rng).box, (Box{0, 493, 10, 13}));
  EXPECT_EQ(draw_crop(1000, 10, input, rng).box, (Box{493, 0, 13, 10}));
}

TEST(Crop, OnePixelIsKept) {
  InputOptions input;
  for (uint64_t i = 0; i < 50; ++i) {
    Rng rng = stream(i);
    EXPECT_EQ(draw_crop(1, 1, input, rng).box, (Box{0, 0, 1, 1}));
  }
}

TEST(Crop, FlipsAsOftenAsAsked) {
  InputOptions input;
  for (const double prob : {0.0, 0.3, 1.0}) {
    input.hflip_prob = prob;
    int flipped = 0;
    for (uint64_t i = 0; i < 2000; ++i) {
      Rng rng = stream(i);
      flipped += draw_crop(50, 50, input, rng).flipped;
    }
    EXPECT_NEAR(flipped / 2000.0, prob, 0.04);
  }
}

TEST(Crop, FlippedCropIsTheCropReversed) {
  const Image image = test_picture(30, 30);
  InputOptions input;
  input.size_px = 16;
  Resizer resizer;
  std::vector<uint8_t> plain(16 * 16 * 3), flipped(plain.size());
  apply_crop(image, {{2, 3, 20, 21}, false}, input, resizer, plain.data());
  apply_crop(image, {{2, 3, 20, 21}, true}, input, resizer, flipped.data());
  EXPECT_NE(plain, flipped);
  flip_columns(flipped.data(), 16, 16);
  EXPECT_EQ(plain, flipped);
}

/// A picture whose red channel is the row, or 255 past it.
Image rows_picture(int height, int width) {
  Image image;
  image.resize(height, width);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) image.row(y)[3 * x] = uint8_t(std::min(y, 255));
  return image;
}

TEST(CenterCrop, RoundsItsCornerHalfToEven) {
  Resizer resizer;
  std::vector<uint8_t> out(224 * 224 * 3);
  for (const auto& [height, top] : {std::pair{341, 58}, {343, 60}, {342, 59}, {256, 16}}) {
    center_crop(rows_picture(height, 256), 256, 224, ResizeFilter::kBilinear, resizer, out.data());
    EXPECT_EQ(out[0], top) << height;
  }
}

TEST(CenterCrop, TakesAVeryLongPicture) {
  Resizer resizer;
  std::vector<uint8_t> out(64 * 64 * 3, 1);
  center_crop(rows_picture(2, 60000), 73, 64, ResizeFilter::kBilinear, resizer, out.data());
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(out[63 * 64 * 3], 1);
}

TEST(Input, ReadsEveryOption) {
  const InputOptions input = read_input(SpecReader(
      Json::parse(R"({"size_px": 64, "crop": false, "scale": [0.25, 0.5], "ratio": [0.5, 2],
                      "filter": "bicubic", "hflip_prob": 0, "eval_resize_px": 73,
                      "color_jitter": 0.4, "lighting_std": 0.1,
                      "mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 0.6]})"),
      "spec.json", "/input"));
  EXPECT_EQ(input.size_px, 64);
  EXPECT_FALSE(input.crop);
  EXPECT_EQ(input.scale_low, 0.25);
  EXPECT_EQ(input.scale_high, 0.5);
  EXPECT_EQ(input.ratio_high, 2);
  EXPECT_EQ(input.filter, ResizeFilter::kBicubic);
  EXPECT_EQ(input.hflip_prob, 0);
  EXPECT_EQ(input.eval_resize_px, 73);
  EXPECT_EQ(input.color_jitter, 0.4);
  EXPECT_EQ(input.lighting_std, 0.1);
  EXPECT_EQ(input.mean[1], 0.2f);
  EXPECT_EQ(input.std[2], 0.6f);
}

TEST(Input, RefusesWhatMakesNoPicture) {
  for (const char* json :
       {R"({})", R"({"size_px": 0})", R"({"size_px": 32, "scale": [1, 0.5]})",
        R"({"size_px": 32, "scale": [0, 1]})", R"({"size_px": 32, "ratio": [1]})",
        R"({"size_px": 32, "filter": "nearest"})", R"({"size_px": 32, "eval_resize_px": 31})",
        R"({"size_px": 32, "std": [1, 0, 1]})", R"({"size_px": 32, "sise": 1})",
        R"({"size_px": 32, "hflip_prob": 1.5})"})
    try {
      read_input(SpecReader(Json::parse(json), "spec.json", "/input"));
      ADD_FAILURE() << "accepted " << json;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kUsage) << json;
      EXPECT_NE(error.where.find("spec.json: /input"), std::string::npos) << error.where;
    }
}

TEST(Shift, MovesAPictureAndReflectsItsBorder) {
  const std::vector<uint8_t> from = {1,  1,  1,  2,  2,  2,  3,  3,  3,   //
                                     11, 11, 11, 12, 12, 12, 13, 13, 13,  //
                                     21, 21, 21, 22, 22, 22, 23, 23, 23};
  std::vector<uint8_t> to(from.size());
  const auto moved = [&](int down, int right) {
    shift_reflecting(from.data(), 3, {down, right}, to.data());
    std::vector<int> first_channel;
    for (size_t i = 0; i < to.size(); i += 3) first_channel.push_back(to[i]);
    return first_channel;
  };
  EXPECT_EQ(moved(0, 0), (std::vector<int>{1, 2, 3, 11, 12, 13, 21, 22, 23}));
  EXPECT_EQ(moved(1, 0), (std::vector<int>{11, 12, 13, 1, 2, 3, 11, 12, 13}));
  EXPECT_EQ(moved(-2, 0), (std::vector<int>{21, 22, 23, 11, 12, 13, 1, 2, 3}));
  EXPECT_EQ(moved(0, 2), (std::vector<int>{3, 2, 1, 13, 12, 11, 23, 22, 21}));
  EXPECT_EQ(moved(0, -1), (std::vector<int>{2, 3, 2, 12, 13, 12, 22, 23, 22}));
}

TEST(Shift, ComesFromEveryPlaceOfTheWindowAlike) {
  std::map<std::pair<int, int>, int> counts;
  constexpr int kDraws = 9000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    const Shift shift = draw_shift(1, rng);
    ++counts[{shift.down_px, shift.right_px}];
  }
  ASSERT_EQ(counts.size(), 9u);
  for (const auto& [place, count] : counts) EXPECT_NEAR(count, kDraws / 9, 130);
}

}  // namespace
}  // namespace mra
