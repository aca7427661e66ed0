#include "baselines/augment/saliencymix.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "baselines/augment/saliency.h"
#include "baselines/catalog.h"
#include "harness/base/error.h"
#include "harness/train/loss.h"

namespace mra {
namespace {

BatchTransform make(const Json& options) {
  Catalog catalog;
  register_methods(catalog);
  return catalog.batch_transforms.make("saliencymix", SpecReader(options, "test"), {});
}

Batch noise(int64_t pictures, int64_t size_px) {
  torch::manual_seed(3);
  Batch batch;
  batch.images = torch::randn({pictures, 3, size_px, size_px});
  batch.targets = one_hot_targets(torch::arange(pictures, torch::kInt64), pictures);
  return batch;
}

TEST(SaliencyMix, FindsABrightSpot) {
  torch::Tensor image = torch::zeros({3, 40, 50});
  image.slice(1, 29, 32).slice(2, 11, 14) += 2;
  const auto [row, column] = most_salient(image, {}, SaliencyInput::kPicture);
  EXPECT_NEAR(double(row), 30, 1);
  EXPECT_NEAR(double(column), 12, 1);
}

TEST(SaliencyMix, AsReleasedSeesOnlyTheFirstQuarterOfEachRow) {
  const torch::Tensor image = noise(1, 64).images[0];
  torch::Tensor other = image.clone();
  other.slice(2, 24) *= 1.0001;  // too far for the blur to reach the first 16 columns
  const auto map = saliency_of_float_bytes(to_pixels(image).data(), 64, 64);
  const auto twin = saliency_of_float_bytes(to_pixels(other).data(), 64, 64);
  size_t equal = 0;
  for (size_t i = 0; i < map.size(); ++i) equal += map[i] == twin[i];
  EXPECT_GT(equal, map.size() * 99 / 100);
  EXPECT_NE(map, fine_grained_saliency(to_bgr_bytes(image, {}, {1, 1, 1}).data(), 64, 64));
}

TEST(SaliencyMix, TheTwoReadingsPutTheBoxElsewhere) {
  const Batch batch = noise(4, 32);
  Rng one({.seed = 5}), two({.seed = 5}), three({.seed = 5});
  const auto as_paper = make({{"input", "uint8"}})(batch, one).images;
  EXPECT_TRUE(as_paper.equal(make(Json::object())(batch, two).images));
  EXPECT_FALSE(as_paper.equal(make({{"input", "as_released"}})(batch, three).images));
}

TEST(SaliencyMix, SurvivesTheSmallestAndTheWorstPictures) {
  const float infinite = std::numeric_limits<float>::infinity();
  for (const float value : {0.0f, -2.5f, infinite, std::nanf("")}) {
    for (const auto& [height, width] : {std::pair{1, 1}, {1, 5}, {4, 1}, {9, 9}}) {
      const std::vector<float> picture(size_t(3 * height * width), value);
      EXPECT_EQ(saliency_of_float_bytes(picture.data(), height, width).size(),
                size_t(height * width));
    }
  }
  const Batch batch = noise(1, 1);
  Rng rng({.seed = 1});
  EXPECT_TRUE(make({{"input", "as_released"}})(batch, rng).images.equal(batch.images));
}

TEST(SaliencyMix, RefusesOtherInputs) {
  EXPECT_THROW(make({{"input", "float"}}), Error);
  EXPECT_THROW(make({{"beta", 0.0}}), Error);
}

}  // namespace
}  // namespace mra
