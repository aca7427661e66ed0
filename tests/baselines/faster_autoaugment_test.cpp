#include "baselines/augment/faster_autoaugment.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "baselines/catalog.h"
#include "harness/base/error.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

PolicyOp op(const std::string& name, double weight, double level = 0, int count = 0) {
  return {.name = name, .prob = weight, .level = level, .count = count};
}

Rng stream(uint64_t index) {
  return Rng({.seed = 7, .index = index, .purpose = Purpose::kImage});
}

Image picture(int height, int width) {
  Image image;
  image.resize(height, width);
  for (size_t i = 0; i < image.rgb.size(); ++i) image.rgb[i] = uint8_t(i * 37 % 200 + 20);
  return image;
}

Image after(const PolicyOp& done, Image image, std::vector<HoleCorner> holes = {}) {
  apply_stages({{{done}}}, {{.choice = 0, .holes = std::move(holes)}}, image);
  return image;
}

ImageTransform make(const Json& options, int size_px = 224) {
  Catalog catalog;
  register_methods(catalog);
  MethodContext context;
  context.input.size_px = size_px;
  return catalog.image_transforms.make("faster_autoaugment", SpecReader(options, "test"), context);
}

std::filesystem::path policy_of(const TempDir& folder, const Json& stage) {
  const auto path = folder / "policy.json";
  std::ofstream(path) << Json{{"sub_policies", {{stage}}}};
  return path;
}

std::string complaint(const Json& stage) {
  const TempDir folder;
  try {
    make({{"policy", policy_of(folder, stage).string()}});
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    return error.what();
  }
  return "";
}

TEST(FasterAutoAugment, ChoosesOneEntryOfAStageByItsWeight) {
  const SubPolicy sub{{{op("HFlip", 0.2), op("VFlip", 0), op("NoOp", 0.6)}}};
  std::vector<int> chosen(3);
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    ++chosen[draw_stages(sub, {8, 8}, rng)[0].choice];
  }
  EXPECT_NEAR(chosen[0], 0.25 * kDraws, 250);
  EXPECT_EQ(chosen[1], 0);
}

TEST(FasterAutoAugment, HolesLieAnywhereTheyFit) {
  const SubPolicy sub{{{op("Holes", 1, 3, 2)}}};
  int least = 99, most = 0;
  for (int i = 0; i < 2000; ++i) {
    Rng rng = stream(uint64_t(i));
    const auto holes = draw_stages(sub, {.width_px = 5, .height_px = 40}, rng)[0].holes;
    ASSERT_EQ(holes.size(), 2u);
    for (const HoleCorner& hole : holes) {
      EXPECT_TRUE(hole.column >= 0 && hole.column <= 2);
      least = std::min(least, hole.row);
      most = std::max(most, hole.row);
    }
  }
  EXPECT_EQ(least, 0);
  EXPECT_EQ(most, 37);
}

TEST(FasterAutoAugment, AHoleBeyondThePictureCoversIt) {
  const SubPolicy sub{{{op("Holes", 1, 224, 1)}}};
  for (const auto& [height, width] : {std::pair{1, 1}, {5, 3}}) {
    Rng rng = stream(1);
    Image image = picture(height, width);
    apply_stages(sub, draw_stages(sub, {width, height}, rng), image);
    EXPECT_EQ(image.rgb, std::vector<uint8_t>(image.rgb.size(), 0));
  }
}

/// Which part of pictures is covered by one hole of half the side of a picture of 224.
double covered_frac(int size_px, const std::string& position) {
  const TempDir folder;
  const auto path = policy_of(folder, Json::array({Json::array({"Holes", 1.0, {1, 112}})}));
  Image image = picture(size_px, size_px);
  Rng rng = stream(2);
  make({{"policy", path.string()}, {"position", position}}, size_px)(image, rng);
  return double(std::count(image.rgb.begin(), image.rgb.end(), 0)) / double(image.rgb.size());
}

TEST(FasterAutoAugment, HolesAreAsLargeInProportionOnCropsOfAnySize) {
  for (const int size_px : {224, 64, 32, 2})
    EXPECT_EQ(covered_frac(size_px, "after_crop"), 0.25) << size_px;
  EXPECT_EQ(covered_frac(1, "after_crop"), 1);
  EXPECT_EQ(covered_frac(64, "before_crop"), 1);
}

TEST(FasterAutoAugment, TwoFlipsUndoEachOther) {
  for (const auto& [height, width] : {std::pair{1, 1}, {4, 3}, {5, 6}})
    for (const char* name : {"HFlip", "VFlip"}) {
      const Image image = picture(height, width);
      EXPECT_EQ(after(op(name, 1), after(op(name, 1), image)).rgb, image.rgb);
      EXPECT_EQ(after(op(name, 1), image).rgb == image.rgb, height * width == 1) << name;
    }
}

TEST(FasterAutoAugment, ChannelsAreShiftedAlone) {
  const Image image = picture(3, 3), shifted = after(op("ShiftG", 1, 255), image);
  for (size_t i = 0; i < image.rgb.size(); ++i)
    EXPECT_EQ(shifted.rgb[i], i % 3 == 1 ? 255 : image.rgb[i]);
}

TEST(FasterAutoAugment, RefusesPoliciesOfOtherMethods) {
  for (const char* policy : {"autoaugment_imagenet", "no_such_policy", "/nowhere/policy.json"})
    EXPECT_THROW(make({{"policy", policy}}), Error) << policy;
  EXPECT_NE(complaint({{"HFlip", 0.5, nullptr}, {"HFlop", 0.5, nullptr}}).find("HFlip"),
            std::string::npos);
}

TEST(FasterAutoAugment, AMistakeInAPolicyIsNamedByItsPlace) {
  for (const Json& stage : {Json::array({Json::array({"NoOp", 0.0, nullptr})}),
                            Json::array({Json::array({"Holes", 1.0, 14})}),
                            Json::array({Json::array({"Holes", 1.0, {"8", 14}})}),
                            Json::array({Json::array({"Rotate", 1.0, 1e9})})})
    EXPECT_NE(complaint(stage).find("/sub_policies/0/0"), std::string::npos) << stage;
}

}  // namespace
}  // namespace mra
