#include "harness/cli/output.h"
#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

using List = RunCli;

TEST_F(List, OnlyTakesRowsByName) {
  const Json found =
      harness({"list", "table6", "--only", "mask low", "--only", "Baseline", "--json"}).json();
  ASSERT_EQ(found["experiments"].size(), 2u);
  EXPECT_EQ(found["experiments"][0]["row"], "Baseline");
  EXPECT_EQ(harness({"list", "table6", "--only", "Mask Lo"}).code, 2);
}

TEST_F(List, StateIsAFilterThatCanBeRepeated) {
  finish_run("table6", "Mask Low", 0, 80);
  finish_run("table6", "Baseline", 0, 70);
  const auto rows = [&](std::vector<const char*> words) {
    words.insert(words.begin(), {"list", "table6", "--json"});
    return harness(words).json()["experiments"].size();
  };
  EXPECT_EQ(rows({"--state", "done"}), 2u);
  EXPECT_EQ(rows({"--state", "pending"}), 2u);
  EXPECT_EQ(rows({"--state", "pending", "--state", "done"}), 4u);
  EXPECT_EQ(rows({"--pending"}), 2u);
  EXPECT_EQ(rows({"--state", "done", "--pending"}), 0u);
  EXPECT_EQ(rows({"--state", "partial", "--seeds", "0-1"}), 2u);
}

TEST_F(List, UnknownStateIsNamedWithTheNearest) {
  const Answer answer = harness({"list", "--state", "pendign"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("did you mean 'pending'?"), std::string::npos) << answer.err;
}

TEST_F(List, PipedLinesKeepWholeKeysAndReasonsAndEndWithASummary) {
  const std::string text = harness({"list", "table6", "--scale", "mini"}).out;
  EXPECT_NE(text.find("no data directory is given"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("4 experiments at scale mini: 4 unavailable\n")) << text;
}

TEST(ListTable, NeverGoesBeyondTheWidthAndGivesRoomToTheReason) {
  const TextTable table{{"table", "row", "state", "why"},
                        {{"table6", "a row with a very long name indeed", "unavailable",
                          "a reason that is longer than the line"}},
                        /*shrink=*/1};
  for (const size_t width : {20, 40, 60, 80}) {
    const std::string text = table.render(false, width);
    for (size_t begin = 0; begin < text.size(); begin = text.find('\n', begin) + 1)
      EXPECT_LE(columns_of(text.substr(begin, text.find('\n', begin) - begin)), width) << text;
  }
  EXPECT_NE(table.render(false, 60).find("a reason that i…"), std::string::npos)
      << table.render(false, 60);
  EXPECT_NE(table.render(false).find("longer than the line"), std::string::npos);
}

}  // namespace
}  // namespace mra
