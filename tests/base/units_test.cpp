#include "harness/base/units.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/text_table.h"

namespace mra {
namespace {

TEST(ShortDuration, HasTheUnitsAPersonWantsToRead) {
  EXPECT_EQ(short_duration(0.04), "0.0 s");
  EXPECT_EQ(short_duration(9.94), "9.9 s");
  EXPECT_EQ(short_duration(9.96), "10 s");
  EXPECT_EQ(short_duration(59.6), "1m00s");
  EXPECT_EQ(short_duration(185), "3m05s");
  EXPECT_EQ(short_duration(18720), "5h12m");
  EXPECT_EQ(short_duration(3 * 86400 + 4 * 3600), "3d04h");
}

TEST(ShortSize, HasBinaryUnits) {
  EXPECT_EQ(short_size(0), "0 B");
  EXPECT_EQ(short_size(1023), "1023 B");
  EXPECT_EQ(short_size(1536), "1.5 KiB");
  EXPECT_EQ(short_size(int64_t(3) << 40), "3.0 TiB");
}

TEST(Duration, HasUnits) {
  EXPECT_DOUBLE_EQ(parse_duration_s("90s", "--time-limit"), 90);
  EXPECT_DOUBLE_EQ(parse_duration_s("30m", "--time-limit"), 1800);
  EXPECT_DOUBLE_EQ(parse_duration_s("2h", "--time-limit"), 7200);
  EXPECT_DOUBLE_EQ(parse_duration_s("1h30m", "--time-limit"), 5400);
  EXPECT_DOUBLE_EQ(parse_duration_s("1.5h", "--time-limit"), 5400);
  EXPECT_DOUBLE_EQ(parse_duration_s("1d", "--time-limit"), 86400);
}

TEST(Duration, OfAnyOtherFormIsAMistake) {
  for (const char* wrong : {"", "30", "m", "30 m", "-1s", "0s", "1h30", "soon", "30mm", "x30m"})
    EXPECT_THROW(parse_duration_s(wrong, "--time-limit"), Error) << wrong;
}

TEST(Duration, WithoutEndIsAMistake) {
  for (const size_t digits : {400u, 1'000'000u})
    EXPECT_THROW(parse_duration_s(std::string(digits, '9') + "s", "--time-limit"), Error);
}

TEST(Fitted, CountsLettersNotBytes) {
  EXPECT_EQ(columns_of("±0,5 é"), 6u);
  EXPECT_EQ(fitted("abc", 3), "abc");
  EXPECT_EQ(fitted("abcd", 3), "ab…");
  EXPECT_EQ(fitted("ééé", 3), "ééé");
  EXPECT_EQ(fitted("éééé", 3), "éé…");
  EXPECT_EQ(fitted("abc", 0), "");
}

TEST(TextTable, AlignsColumnsAndCutsOnlyTheLast) {
  const TextTable table{{"name", "state", "why"},
                        {{"é", TextTable::Cell("done", Color::kGreen), "a long reason"}}};
  EXPECT_EQ(table.render(false), "name  state  why\né     done   a long reason\n");
  EXPECT_EQ(table.render(false, 20), "name  state  why\né     done   a long…\n");
}

TEST(TextTable, ColorsDoNotMoveColumns) {
  const TextTable table{{"state", "why"}, {{TextTable::Cell("done", Color::kGreen), "x"}}};
  EXPECT_EQ(table.render(true), "state  why\n\033[32mdone\033[0m   x\n");
}

TEST(Split, LeavesOutEmptyParts) {
  EXPECT_EQ(split(":a::b:", ':'), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(split("", ':').empty());
}

}  // namespace
}  // namespace mra
