#include "harness/cli/output.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace mra {
namespace {

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
