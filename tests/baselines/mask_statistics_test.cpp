#include "baselines/mask_statistics.h"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/data/shapes.h"

#include "harness/base/error.h"

namespace mra {
namespace {

// --- how much of an object is seen

/// 4 patches of 2×2 pixels in a picture of 4×4.
torch::Tensor object_of_six() {
  return torch::tensor({1, 1, 1, 0,  //
                        1, 1, 1, 0,  //
                        0, 0, 0, 0,  //
                        0, 0, 0, 0},
                       torch::kUInt8)
      .view({1, 4, 4});
}

TEST(ObjectSeen, CountsThePixelsOfTheObjectInPatchesThatStay) {
  const auto objects = object_of_six().repeat({3, 1, 1});
  const auto hidden = torch::tensor({1.f, 0.f, 0.f, 0.f, 0.f, 1.f, 1.f, 1.f, 0.f, 0.f, 1.f, 1.f});
  const auto fracs = object_seen_fracs(hidden.view({3, 4}), objects);
  EXPECT_EQ(fracs, (std::vector<double>{2.0 / 6, 4.0 / 6, 1.0}));
}

TEST(ObjectSeen, APictureWithoutAnObjectIsLeftOut) {
  const auto objects = torch::cat({torch::zeros({1, 4, 4}, torch::kUInt8), object_of_six()});
  const auto hidden = torch::tensor({0.f, 0.f, 0.f, 0.f, 1.f, 1.f, 1.f, 1.f}).view({2, 4});
  EXPECT_EQ(object_seen_fracs(hidden, objects), std::vector<double>{0.0});
}

TEST(ObjectSeen, ObjectsOfAnotherSizeThanThePatchesTileAreRefused) {
  EXPECT_THROW(object_seen_fracs(torch::zeros({1, 9}), object_of_six()), Error);
  EXPECT_THROW(object_seen_fracs(torch::zeros({1, 3}), object_of_six()), Error);
}

TEST(ObjectSeen, TheIntervalIsThatOfANormalMean) {
  const MeanOverPictures got = mean_over_pictures({0, 1, 0, 1});
  EXPECT_DOUBLE_EQ(got.mean, 0.5);
  EXPECT_DOUBLE_EQ(got.half_width, 1.96 * 0.5 / 2);
  EXPECT_EQ(got.pictures, 4);
  EXPECT_THROW(mean_over_pictures({}), Error);
}

// --- objects in the frame the network sees

InputOptions evaluated(int resize_px, int size_px) {
  InputOptions input;
  input.eval_resize_px = resize_px;
  input.size_px = size_px;
  return input;
}

TEST(ObjectsAsSeen, APictureThatIsNotResizedKeepsItsMask) {
  const ShapesDataset dataset({.size_px = 32});
  const auto seen = objects_as_seen(dataset, {3, 8}, evaluated(32, 32));
  ASSERT_EQ(seen.sizes().vec(), (std::vector<int64_t>{2, 32, 32}));
  for (int64_t i = 0; i < 2; ++i) {
    const auto mask = dataset.object_mask(i == 0 ? 3 : 8);
    EXPECT_TRUE(std::equal(mask.begin(), mask.end(), seen[i].data_ptr<uint8_t>())) << i;
  }
}

TEST(ObjectsAsSeen, ACentralCropIsThatOfThePicture) {
  const ShapesDataset dataset({.size_px = 32});
  const auto whole = objects_as_seen(dataset, {5}, evaluated(32, 32));
  const auto cropped = objects_as_seen(dataset, {5}, evaluated(32, 24));
  EXPECT_GT(cropped.sum().item<int64_t>(), 0);
  EXPECT_TRUE(cropped.equal(whole.narrow(1, 4, 24).narrow(2, 4, 24)));
}

TEST(ObjectsAsSeen, EnlargingKeepsTheShareOfThePicture) {
  const ShapesDataset dataset({.size_px = 32});
  const auto share = [&](int size_px) {
    return objects_as_seen(dataset, {0, 1, 2, 3, 4, 5}, evaluated(size_px, size_px))
        .to(torch::kFloat64)
        .mean({1, 2});
  };
  EXPECT_TRUE(torch::allclose(share(64), share(32), 0.05, 0.01));
  EXPECT_TRUE(torch::allclose(share(16), share(32), 0.15, 0.02));
}

// --- place

torch::Tensor noise(int64_t pictures, int64_t patches, uint64_t seed) {
  torch::manual_seed(seed);
  return torch::randn({pictures, patches}, torch::kFloat64);
}

/// [1,64] of mean 0 and variance 1 (over 63, as a sample's).
torch::Tensor places() {
  const auto values = torch::arange(64, torch::kFloat64).view({1, 64});
  return (values - values.mean()) / values.std();
}

TEST(PlaceShare, ScoresOfThePlaceAloneAreExplainedWhole) {
  const PlaceShare got = place_share(places().repeat({5, 1}));
  EXPECT_NEAR(got.share_frac, 1, 1e-12);
  EXPECT_TRUE(torch::allclose(got.mean_score, places()[0]));
}

TEST(PlaceShare, ScoresOfChanceAreNotExplainedEvenWithFewPictures) {
  double sum = 0;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const double share = place_share(noise(10, 64, seed)).share_frac;
    EXPECT_LT(share, 0.1);  // the plain share of variances would be 1/10
    sum += share;
  }
  EXPECT_LT(sum / 50, 0.02);  // above 0 only because it is cut off there
}

TEST(PlaceShare, AMixtureOfKnownSharesIsFound) {
  for (const double place : {0.2, 0.5, 0.9}) {
    double sum = 0;
    for (uint64_t seed = 0; seed < 40; ++seed) {
      const auto scores =
          std::sqrt(place) * places() + std::sqrt(1 - place) * noise(12, 64, 1000 + seed);
      sum += place_share(scores).share_frac;
    }
    EXPECT_NEAR(sum / 40, place, 0.02);
  }
}

TEST(PlaceShare, WhatAWholePictureAddsToItsScoresChangesNothing) {
  const auto scores = 0.7 * places() + noise(20, 64, 7);
  const auto lifted = scores + 100 * noise(20, 1, 8);
  EXPECT_NEAR(place_share(lifted).share_frac, place_share(scores).share_frac, 1e-9);
  EXPECT_GT(place_share(scores).share_frac, 0.2);
}

TEST(PlaceShare, EqualScoresHaveNothingToExplain) {
  EXPECT_EQ(place_share(torch::full({4, 9}, 0.1, torch::kFloat64)).share_frac, 0);
}

TEST(PlaceShare, OnePictureOnePatchAndScoresThatAreNotFiniteAreRefused) {
  EXPECT_THROW(place_share(torch::zeros({1, 9})), Error);
  EXPECT_THROW(place_share(torch::zeros({9, 1})), Error);
  EXPECT_THROW(place_share(torch::full({3, 3}, std::nan(""))), Error);
}

}  // namespace
}  // namespace mra
