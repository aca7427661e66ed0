#include "harness/cli/run_cli.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/record/run_directory.h"
#include "tests/cli/cli_fixture.h"
#include "tests/support/tiny_run.h"

namespace mra {
namespace {

TEST_F(RunCli, WithoutCommandShowsHelpOnStderrAndIsAMistake) {
  const Answer answer = harness({});
  EXPECT_EQ(answer.code, 2);
  EXPECT_EQ(answer.out, "");
  EXPECT_TRUE(answer.err.starts_with("Examples:\n")) << answer.err;
}

TEST_F(RunCli, HelpOfEveryCommandBeginsWithExamples) {
  for (const char* command : {"run", "list", "plan", "report", "show", "explain", "compare",
                              "check", "data", "doctor", "db", "ingest", "weights"}) {
    const Answer answer = harness({command, "-h"});
    EXPECT_EQ(answer.code, 0) << command;
    EXPECT_TRUE(answer.out.starts_with("Examples:\n  ")) << command;
    EXPECT_NE(answer.out.find(std::string("Usage: harness ") + command), std::string::npos);
  }
}

TEST_F(RunCli, MistakesAreJsonWhenJsonIsAsked) {
  const Answer answer = harness({"rn", "--json"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_EQ(answer.json()["schema_version"], 1);
  EXPECT_EQ(answer.json()["error"]["kind"], "usage");
  EXPECT_EQ(answer.json()["error"]["message"], "unknown command 'rn'");
  EXPECT_TRUE(answer.json()["error"]["hint"].get<std::string>().starts_with("did you mean 'run'?"));
}

TEST_F(RunCli, UnknownOptionIsNamedWithTheNearest) {
  const Answer answer = harness({"list", "--sacle", "mini"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("unknown option '--sacle'"), std::string::npos);
  EXPECT_NE(answer.err.find("did you mean '--scale'?"), std::string::npos);
}

TEST_F(RunCli, AnOptionBeforeItsCommandIsToldWhereItBelongs) {
  const Answer answer = harness({"--seeds", "0", "plan", "table6"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("the option '--seeds' is in the wrong place"), std::string::npos)
      << answer.err;
  EXPECT_NE(answer.err.find("write it after harness plan"), std::string::npos) << answer.err;
}

TEST_F(RunCli, HelpIsJsonWhenJsonIsAsked) {
  const Answer answer = harness({"list", "-h", "--json"});
  EXPECT_EQ(answer.code, 0);
  EXPECT_NE(answer.json()["help"].get<std::string>().find("Usage: harness list"),
            std::string::npos);
}

TEST_F(RunCli, AFolderOfOtherThingsIsNotIngested) {
  std::ofstream(folder_.path() / "letter.txt") << "x";
  const Answer answer = harness({"ingest", folder_.path().c_str()});
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("is not a workspace"), std::string::npos) << answer.err;
}

TEST_F(RunCli, PicturesAreWrittenAsPngOnly) {
  const Answer answer = harness({"augment", "cutout", "-o", "x.jpg", "--", "-rf.png"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("'x.jpg' is not the name of a PNG file"), std::string::npos)
      << answer.err;
  const Answer absent = harness({"augment", "cutout", "-o", "x.png", "--", "-rf.png"});
  EXPECT_NE(absent.err.find("-rf.png: does not exist"), std::string::npos) << absent.err;
}

TEST_F(RunCli, DataSetsThatAreDrawnAreComplete) {
  const Json sets = harness({"data", "list", "--json"}).json()["datasets"];
  for (const Json& set : sets) EXPECT_NE(set["state"], "damaged") << set.dump(1);
}

TEST_F(RunCli, ListKnowsEveryRowOfTable6) {
  const Json rows = harness({"list", "table6", "--seeds", "0-1", "--json"}).json()["experiments"];
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[1]["row"], "Mask Low");
  EXPECT_EQ(rows[1]["state"], "pending");
  EXPECT_EQ(rows[1]["seeds"]["pending"], Json({0, 1}));
}

TEST_F(RunCli, OnlyTakesARowInAnyCase) {
  const Json runs =
      harness({"plan", "table6", "--only", "mask low", "--seeds", "0", "--json"}).json()["runs"];
  ASSERT_EQ(runs.size(), 2u) << "the row and the pretraining it needs";
  EXPECT_EQ(runs[1]["needed_by"], Json({"table6/Mask Low"}));
  EXPECT_EQ(runs[1]["depends_on"], Json({runs[0]["key"]}));
}

TEST_F(RunCli, OverrideChangesTheKeyAndIsShownInTheReport) {
  const Json plain = harness({"list", "table6", "--json"}).json();
  const Json changed = harness({"list", "table6", "--json", "--set", "/recipe/epochs=1"}).json();
  EXPECT_NE(plain["experiments"][0]["key"], changed["experiments"][0]["key"]);
  EXPECT_NE(harness({"report", "table6", "--set", "/recipe/epochs=1"}).out.find("/recipe/epochs=1"),
            std::string::npos);
}

TEST_F(RunCli, StrictReportOfAnUnfinishedTableExitsWith4) {
  EXPECT_EQ(harness({"report", "table6"}).code, 0);
  EXPECT_EQ(harness({"report", "table6", "--strict"}).code, 4);
}

TEST_F(RunCli, ReportIntoAFolderWritesATableAFileAndAnIndex) {
  const std::string folder = folder_.path() / "reports";
  const Answer answer = harness({"report", "all", "-o", folder.c_str()});
  EXPECT_EQ(answer.code, 0);
  EXPECT_EQ(answer.out, "");
  EXPECT_TRUE(std::filesystem::exists(folder + "/table6.md"));
  EXPECT_TRUE(std::filesystem::exists(folder + "/index.md"));
}

TEST_F(RunCli, ShowTakesAUniqueBeginningOfARun) {
  for (const int64_t seed : {0, 1}) {
    const RunRecord record = tiny_record("net", seed, 61.5);
    const RunDirectory run(
        RunDirectory::path_of(folder_.path() / "out", {record.key, record.seed}));
    std::filesystem::create_directories(run.path());
    std::ofstream(run.record_file()) << to_json(record);
  }
  const std::string key = tiny_record("net").key;
  const std::string moved_aside = key + "-s1.old-20260102T030405Z";  // as by run --fresh
  std::filesystem::create_directories(folder_.path() / "out/runs" / moved_aside.substr(0, 2) /
                                      moved_aside.substr(2));
  const std::string second = key + "-s1", start = key.substr(0, 5);
  EXPECT_EQ(harness({"show", second.c_str(), "--json"}).json()["run"]["metrics"]["top1"], 61.5);
  const Answer ambiguous = harness({"show", start.c_str()});
  EXPECT_EQ(ambiguous.code, 2);
  EXPECT_NE(ambiguous.err.find("fits 2 runs"), std::string::npos);
  EXPECT_EQ(harness({"show", "zzzz"}).code, 2);
  const Answer text = harness({"show", second.c_str()});
  for (const char* word : {"61.5", "table6/net", "train_loss", "model.name", "record.json"})
    EXPECT_NE(text.out.find(word), std::string::npos) << word;
}

TEST_F(RunCli, LooksAtAWorkspaceWithoutMakingIt) {
  for (const char* command : {"list", "report", "doctor"}) harness({command});
  harness({"run", "table6", "--dry-run"});
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "out"));
}

TEST_F(RunCli, EmbeddedDataSetIsComplete) {
  const Json found = harness({"data", "check", "shapes", "--quick", "--json"}).json();
  EXPECT_EQ(found["state"], "complete");
  EXPECT_EQ(found["classes"], 10);
  EXPECT_EQ(harness({"data", "check", "shaeps"}).code, 2);
}

TEST_F(RunCli, AbsentDataSetIsTheMachinesFaultWithItsFolders) {
  const Answer answer = harness({"run", "table6", "--scale", "mini"});
  EXPECT_EQ(answer.code, 6);
  EXPECT_NE(answer.err.find("imagenette96/train/"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() / "out"));
}

}  // namespace
}  // namespace mra
