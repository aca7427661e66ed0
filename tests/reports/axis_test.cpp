#include "reports/axis.h"

#include <gtest/gtest.h>

namespace mra {

TEST(Axis, RoundTicksCoverTheRange) {
  const Axis axis = round_axis({71.3, 74.9});
  EXPECT_EQ(axis.ticks, (std::vector<double>{71, 72, 73, 74, 75}));
  EXPECT_EQ(axis.decimals, 0);
  EXPECT_EQ(axis.place(71), 0);
  EXPECT_EQ(axis.place(75), 1);
  EXPECT_EQ(axis.place(73), 0.5);
  EXPECT_EQ(axis.place(80), 1);
}

TEST(Axis, OneValueStandsInTheMiddle) {
  EXPECT_EQ(round_axis({72, 72}).place(72), 0.5);
}

TEST(Axis, TicksTellSmallStepsApart) {
  const Axis axis = round_axis({0.012, 0.031});
  EXPECT_EQ(axis.decimals, 3);
  EXPECT_NEAR(axis.ticks.front(), 0.010, 1e-12);
}

TEST(Axis, BothPartsOfABrokenOneHaveTheSameScale) {
  const Axis axis = broken_axis({58, 61}, {77.08, 77.87});
  ASSERT_EQ(axis.parts.size(), 2u);
  EXPECT_EQ(axis.place(axis.parts[0].low), 0);
  EXPECT_NEAR(axis.place(axis.parts[1].high), 1, 1e-12);
  EXPECT_NEAR(axis.place(axis.parts[1].low) - axis.place(axis.parts[0].high), Axis::kBreakFrac,
              1e-12);
  EXPECT_NEAR(axis.place(59) - axis.place(58), axis.place(78) - axis.place(77), 1e-12);
}

TEST(Axis, TicksStandWhereTheyAreAskedFor) {
  const Axis axis = axis_with_ticks({0, 32, 224});
  EXPECT_EQ(axis.place(112), 0.5);
  EXPECT_EQ(axis.ticks.size(), 3u);
  EXPECT_EQ(axis_with_ticks({5}).place(5), 0.5);
}

}  // namespace mra
