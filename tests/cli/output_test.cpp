#include "harness/cli/output.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace mra {
namespace {

TEST(ShortDuration, HasTheUnitsAPersonWantsToRead) {
  EXPECT_EQ(short_duration(0.04), "0.0 s");
  EXPECT_EQ(short_duration(9.94), "9.9 s");
  EXPECT_EQ(short_duration(9.96), "10 s");
  EXPECT_EQ(short_duration(59.6), "1m00s");
  EXPECT_EQ(short_duration(185), "3m05s");
  EXPECT_EQ(short_duration(18720), "5h12m");
}

TEST(ShortSize, HasBinaryUnits) {
  EXPECT_EQ(short_size(0), "0 B");
  EXPECT_EQ(short_size(1023), "1023 B");
  EXPECT_EQ(short_size(1536), "1.5 KiB");
  EXPECT_EQ(short_size(int64_t(3) << 40), "3.0 TiB");
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

TEST(UseColor, IsDecidedByModeThenByEnvironment) {
  EXPECT_TRUE(use_color(ColorMode::kAlways, 1));
  EXPECT_FALSE(use_color(ColorMode::kNever, 1));
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(use_color(ColorMode::kAuto, 1));
  unsetenv("NO_COLOR");
  EXPECT_THROW(parse_color_mode("blue"), Error);
}

TEST(ErrorJson, HasKindMessageAndHint) {
  const Json json = error_json(Error(ErrorKind::kIntegrity, "a.db", "is torn", "restore it"));
  EXPECT_EQ(json,
            (Json{{"kind", "integrity"}, {"message", "a.db: is torn"}, {"hint", "restore it"}}));
}

}  // namespace
}  // namespace mra
