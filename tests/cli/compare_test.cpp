#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

using Compare = RunCli;

TEST_F(Compare, TellsPointersWithBothValuesAndDifferencesOfMetrics) {
  const RunRecord low = finish_run("table6", "Mask Low", 0, 80);
  const RunRecord high = finish_run("table6", "Mask High", 0, 77.5);
  const Json found = harness({"compare", low.key.c_str(), high.key.c_str(), "--json"}).json();
  EXPECT_EQ(
      found["spec"],
      Json::array(
          {{{"pointer", "/batch_transforms/0/mra/hide"}, {"left", "low"}, {"right", "high"}}}));
  EXPECT_EQ(found["environment"], Json::array());
  EXPECT_EQ(found["metrics"][1],
            (Json{{"name", "top1"}, {"left", 80.0}, {"right", 77.5}, {"difference", -2.5}}));
  EXPECT_EQ(found["runs"][0]["key"], low.key);
}

TEST_F(Compare, AValueThatOneSideLacksIsAbsentThere) {
  const RunRecord plain = finish_run("table6", "Baseline", 0, 70);
  const RunRecord low = finish_run("table6", "Mask Low", 0, 80);
  const Json found = harness({"compare", plain.key.c_str(), low.key.c_str(), "--json"}).json();
  EXPECT_FALSE(found["spec"][0].contains("left"));
  EXPECT_EQ(found["spec"][0]["right"], "low");
  const std::string text = harness({"compare", plain.key.c_str(), low.key.c_str()}).out;
  for (const char* word : {"(absent)", "+10", "environment: the same"})
    EXPECT_NE(text.find(word), std::string::npos) << text;
}

TEST_F(Compare, SeedsOfOneSpecDifferInNoPointer) {
  const RunRecord run = finish_run("table6", "Mask Low", 0, 80);
  finish_run("table6", "Mask Low", 1, 81);
  const std::string first = run.key + "-s0", second = run.key + "-s1";
  const Json found = harness({"compare", first.c_str(), second.c_str(), "--json"}).json();
  EXPECT_EQ(found["spec"], Json::array());
  EXPECT_EQ(found["runs"][1]["seed"], 1);
}

TEST_F(Compare, LeavesOutTheWorkersOwnCommandLine) {
  const auto finish_with = [&](int64_t seed, const char* worker, const char* harness) {
    RunRecord record = tiny_record("net", seed);
    record.environment["command_line"] = {worker};
    record.environment["started_by"]["command_line"] = {"harness", harness};
    ResultStore(ResultStore::path_of(workspace())).ingest(record);
    return record.key + "-s" + std::to_string(seed);
  };
  const std::string first = finish_with(0, "a", "run"), second = finish_with(1, "b", "run"),
                    third = finish_with(2, "b", "runs");
  const auto environment = [&](const std::string& run) {
    return harness({"compare", first.c_str(), run.c_str(), "--json"}).json()["environment"];
  };
  EXPECT_EQ(environment(second), Json::array());
  EXPECT_EQ(environment(third)[0]["right"], "harness runs");
}

TEST_F(Compare, KnowsRunsWhoseDirectoryIsGone) {
  const RunRecord low = finish_run("table6", "Mask Low", 0, 80);
  const RunRecord high = finish_run("table6", "Mask High", 0, 77.5);
  std::filesystem::remove_all(workspace() / "runs");
  EXPECT_EQ(harness({"compare", low.key.c_str(), high.key.c_str()}).code, 0);
  EXPECT_EQ(harness({"compare", low.key.c_str(), "zz"}).code, 2);
}

TEST_F(Compare, ShowsWhichPicturesFlip) {
  const std::vector<bool> left = {true, true, true, false}, right = {true, false, true, false};
  const RunRecord low = finish_run("table6", "Mask Low", 0, 75, left);
  const RunRecord high = finish_run("table6", "Mask High", 0, 50, right);
  const Json found = harness({"compare", low.key.c_str(), high.key.c_str(), "--json"}).json();
  ASSERT_EQ(found["flips"].size(), 1u);
  EXPECT_EQ(found["flips"][0]["right_to_wrong"], 1);
  EXPECT_EQ(found["flips"][0]["mcnemar_p"], 1.0);
  EXPECT_EQ(found["flips"][0]["flipped"][0]["name"], "shapes val[1]");
  const std::string text = harness({"compare", low.key.c_str(), high.key.c_str()}).out;
  EXPECT_NE(text.find("right → wrong  1: shapes val[1]"), std::string::npos) << text;
}

TEST_F(Compare, WithoutEvidenceOfTheSamePicturesNothingFlips) {
  const RunRecord low = finish_run("table6", "Mask Low", 0, 75, {true, true, true, false});
  const RunRecord plain = finish_run("table6", "Baseline", 0, 75);
  const RunRecord other = finish_run("table6", "Mask High", 0, 50, {true, false});
  EXPECT_EQ(
      harness({"compare", low.key.c_str(), plain.key.c_str(), "--json"}).json()["flips_reason"],
      "not both runs keep which pictures they got right");
  const Json found = harness({"compare", low.key.c_str(), other.key.c_str(), "--json"}).json();
  EXPECT_EQ(found["flips"], Json::array());
  EXPECT_NE(found["flips_reason"].get<std::string>().find("4 pictures"), std::string::npos);
}

}  // namespace
}  // namespace mra
