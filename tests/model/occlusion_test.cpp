#include "harness/model/occlusion.h"

#include <limits>

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace mra {
namespace {

constexpr std::array<float, 3> kFill{1.5f, -2.5f, 0.25f};

torch::Tensor pictures() {
  torch::manual_seed(1);
  return torch::randn({2, 3, 9, 9});
}

TEST(Occlusion, ABoundaryAndACentreOfOneHoleShareNoPixelAndCoverAll) {
  const auto images = pictures();
  for (const int64_t hole_px : {0, 1, 4, 5, 9}) {
    const auto around = occlude(images, hole_px, OcclusionMode::kBoundary, kFill);
    const auto inside = occlude(images, hole_px, OcclusionMode::kCentre, kFill);
    EXPECT_EQ(around.eq(images).sum().item<int64_t>(), 6 * hole_px * hole_px);
    EXPECT_EQ(inside.eq(images).sum().item<int64_t>(), 6 * (81 - hole_px * hole_px));
    EXPECT_TRUE(around.eq(images).logical_xor(inside.eq(images)).all().item<bool>());
  }
}

TEST(Occlusion, AWholeHoleLeavesThePictureAndAnEmptyOneNothing) {
  const auto images = pictures();
  EXPECT_TRUE(occlude(images, 9, OcclusionMode::kBoundary, kFill).equal(images));
  const auto nothing = occlude(images, 0, OcclusionMode::kBoundary, kFill);
  for (int64_t channel = 0; channel < 3; ++channel)
    EXPECT_TRUE(nothing.select(1, channel).eq(kFill[size_t(channel)]).all().item<bool>());
}

TEST(Occlusion, AValueThatIsNotFiniteDoesNotLeakOutOfACoveredPart) {
  auto images = pictures();
  images.index_put_({0, 0, 0, 0}, std::numeric_limits<float>::quiet_NaN());
  images.index_put_({1, 2, 4, 4}, std::numeric_limits<float>::infinity());
  EXPECT_TRUE(
      occlude(images, 1, OcclusionMode::kBoundary).index({0}).isfinite().all().item<bool>());
  EXPECT_TRUE(occlude(images, 3, OcclusionMode::kCentre).index({1}).isfinite().all().item<bool>());
}

TEST(Occlusion, TheGivenPicturesStayAsTheyAre) {
  const auto images = pictures(), before = images.clone();
  occlude(images, 4, OcclusionMode::kCentre, kFill);
  occlude(images, 4, OcclusionMode::kBoundary, kFill);
  EXPECT_TRUE(images.equal(before));
}

TEST(Occlusion, AHoleThatDoesNotFitAndNamesThatAreUnknownAreRefused) {
  EXPECT_THROW(centred_hole(32, 33), Error);
  EXPECT_THROW(centred_hole(32, -1), Error);
  EXPECT_THROW(occlude(torch::zeros({1, 3, 4, 5}), 2, OcclusionMode::kCentre), Error);
  EXPECT_THROW(occlusion_mode("border", "test"), Error);
  EXPECT_THROW(occlusion_fill("white", {}, {}, "test"), Error);
}

}  // namespace
}  // namespace mra
