#include "baselines/augment/block_transport.h"

#include <numeric>

#include <gtest/gtest.h>

#include "harness/base/rng.h"

namespace mra {
namespace {

std::vector<int64_t> every_block(int side) {
  std::vector<int64_t> blocks(size_t(side * side));
  std::iota(blocks.begin(), blocks.end(), 0);
  return blocks;
}

TEST(BlockTransport, LeavesBlocksThatAreShownWhereTheyAre) {
  for (const int side : {2, 4, 8, 16}) {
    const size_t cells = size_t(side * side);
    const std::vector<double> saliency(cells, 1.0 / double(cells));
    EXPECT_EQ(transport_blocks(saliency, std::vector<bool>(cells, true), side, 0.8),
              every_block(side));
  }
}

TEST(BlockTransport, NoBlockIsTakenTwiceAndEveryShownPlaceGetsOne) {
  for (const int side : {2, 4, 8, 16})
    for (uint64_t i = 0; i < 40; ++i) {
      Rng rng({.seed = 4, .index = i});
      const size_t cells = size_t(side * side);
      std::vector<double> saliency(cells);
      std::vector<bool> shown(cells);
      for (size_t cell = 0; cell < cells; ++cell) {
        saliency[cell] = (0.01 + rng.uniform()) / double(cells);
        shown[cell] = rng.uniform() < 0.6;
      }
      const auto taken = transport_blocks(saliency, shown, side, 0.8);
      ASSERT_EQ(taken.size(), cells);
      std::vector<int> uses(cells, 0);
      for (size_t place = 0; place < cells; ++place) {
        ASSERT_TRUE(taken[place] >= -1 && taken[place] < int64_t(cells));
        if (taken[place] >= 0) ++uses[size_t(taken[place])];
        EXPECT_TRUE(taken[place] >= 0 || !shown[place]) << side << ", " << i;
      }
      for (const int count : uses) ASSERT_LE(count, 1);
    }
}

TEST(BlockTransport, ASalientBlockMovesUnderTheNearestShownPlace) {
  // The upper left block is hidden and holds nearly everything; the right column is shown.
  const std::vector<double> saliency{0.97, 0.01, 0.01, 0.01};
  const std::vector<bool> shown{false, true, false, true};
  EXPECT_EQ(transport_blocks(saliency, shown, 2, 0.1), (std::vector<int64_t>{-1, 0, -1, 3}));
  EXPECT_EQ(transport_blocks(saliency, shown, 2, 10), (std::vector<int64_t>{0, 1, -1, 3}));
}

TEST(BlockTransport, WhoeverLosesAPlaceTriesTheNextBest) {
  std::vector<double> saliency(16, 0);
  std::vector<bool> shown(16, false);
  saliency[0] = 0.5;  // both are hidden and nearest to place 2
  saliency[1] = 0.4;
  saliency[2] = saliency[3] = 0.05;
  shown[2] = shown[3] = true;
  std::vector<int64_t> expected(16, -1);
  expected[2] = 0;
  expected[3] = 1;
  EXPECT_EQ(transport_blocks(saliency, shown, 4, 0.09), expected);
}

}  // namespace
}  // namespace mra
