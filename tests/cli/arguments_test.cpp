#include "harness/cli/arguments.h"
#include "harness/base/suggest.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace mra {
namespace {

using Seeds = std::vector<int64_t>;

TEST(Seeds, AreNumbersAndRangesSortedAndEachOnce) {
  EXPECT_EQ(parse_seeds("0"), (Seeds{0}));
  EXPECT_EQ(parse_seeds("0-2"), (Seeds{0, 1, 2}));
  EXPECT_EQ(parse_seeds("0,3"), (Seeds{0, 3}));
  EXPECT_EQ(parse_seeds("7,0-2,1"), (Seeds{0, 1, 2, 7}));
}

TEST(Seeds, OfAnyOtherFormAreAMistake) {
  for (const char* wrong :
       {"", ",", "a", "-1", "1-", "2-0", "0..2", "1.5", " 1", "0-99999", "99999999999999999999"})
    EXPECT_THROW(parse_seeds(wrong), Error) << wrong;
}

TEST(Seeds, TheLargestNumberIsASeedToo) {
  EXPECT_EQ(parse_seeds("9223372036854775806-9223372036854775807").size(), 2u);
}

TEST(Seeds, MistakeNamesTheOptionThePartAndAnExample) {
  try {
    parse_seeds("0,2-1");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    EXPECT_EQ(error.where, "--seeds");
    EXPECT_NE(error.what_happened.find("'2-1'"), std::string::npos);
    EXPECT_NE(error.cure.find("0-2"), std::string::npos);
  }
}

TEST(Override, OfBracketsWithoutEndIsAMistake) {
  EXPECT_THROW(parse_override("/a=" + std::string(100'000, '[') + std::string(100'000, ']')),
               Error);
}

TEST(Override, ValueIsJsonOrASingleWord) {
  EXPECT_EQ(parse_override("/recipe/epochs=5"),
            (std::pair<std::string, Json>("/recipe/epochs", 5)));
  EXPECT_EQ(parse_override("/recipe/lr=1e-3").second, Json(1e-3));
  EXPECT_EQ(parse_override("/recipe/nesterov=true").second, Json(true));
  EXPECT_EQ(parse_override("/recipe/optimizer=adamw").second, Json("adamw"));
  EXPECT_EQ(parse_override("/a=\"b=c\"").second, Json("b=c"));
  EXPECT_EQ(parse_override("/input/scale=[0.5, 1]").second, Json({0.5, 1}));
}

TEST(Override, OfAnyOtherFormIsAMistake) {
  for (const char* wrong : {"", "=", "/=1", "recipe=1", "/recipe/epochs", "/a~2=1", "/a={", "/a="})
    EXPECT_THROW(parse_override(wrong), Error) << wrong;
}

TEST(Name, MatchesExactlyOrElseWithoutRegardToCase) {
  const std::vector<std::string> rows = {"Mask Low", "Mask High", "CAP", "cap"};
  EXPECT_EQ(match_name("mask low", rows, "row"), "Mask Low");
  EXPECT_EQ(match_name("cap", rows, "row"), "cap");
  EXPECT_THROW(match_name("Cap", rows, "row"), Error) << "it could be either";
  EXPECT_THROW(match_name("Mask", rows, "row"), Error);
}

}  // namespace
}  // namespace mra
