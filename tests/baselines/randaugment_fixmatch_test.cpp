#include "baselines/augment/randaugment_fixmatch.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace mra {
namespace {

TEST(RandAugmentOfFixMatch, DrawsFourteenOperationsEachFromItsRange) {
  std::map<std::string, std::pair<double, double>> seen;
  std::map<std::string, int> counts;
  double largest_cutout = 0;
  constexpr int kPictures = 3000;
  for (int i = 0; i < kPictures; ++i) {
    Rng rng({.seed = 3, .index = uint64_t(i), .purpose = Purpose::kImage});
    const auto ops = draw_randaugment_fixmatch(3, 96, 64, rng);
    ASSERT_EQ(ops.size(), 4u);
    const NamedOp& cutout = ops.back();
    ASSERT_EQ(cutout.name, "Cutout");
    EXPECT_LT(cutout.at_x, 64);
    EXPECT_LT(cutout.at_y, 96);
    largest_cutout = std::max(largest_cutout, cutout.value);
    for (size_t k = 0; k < 3; ++k) {
      auto& [low, high] = seen.try_emplace(ops[k].name, 1e9, -1e9).first->second;
      low = std::min(low, ops[k].value);
      high = std::max(high, ops[k].value);
      ++counts[ops[k].name];
      EXPECT_EQ(ops[k].sampling.fill, (Rgb{0, 0, 0}));
    }
  }
  EXPECT_EQ(seen.size(), 14u);
  EXPECT_LT(largest_cutout, 0.5);
  EXPECT_GT(largest_cutout, 0.49);
  for (const auto& [name, count] : counts) EXPECT_NEAR(count, 3 * kPictures / 14, 120) << name;
  const std::map<std::string, std::pair<double, double>> expected = {
      {"Brightness", {0.05, 0.95}}, {"Posterize", {4, 8}},         {"Rotate", {-30, 30}},
      {"ShearX", {-0.3, 0.3}},      {"Solarize", {0, 256}},        {"TranslateYRel", {-0.3, 0.3}},
      {"Sharpness", {0.05, 0.95}},  {"TranslateXRel", {-0.3, 0.3}}};
  for (const auto& [name, range] : expected) {
    const double width = range.second - range.first;
    EXPECT_GE(seen[name].first, range.first) << name;
    EXPECT_LT(seen[name].first, range.first + 0.05 * width) << name;
    EXPECT_LT(seen[name].second, range.second) << name;
    EXPECT_GT(seen[name].second, range.second - 0.05 * width) << name;
  }
}

}  // namespace
}  // namespace mra
