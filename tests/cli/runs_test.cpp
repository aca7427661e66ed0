#include <cstdio>
#include <set>

#include "harness/record/journal.h"
#include "harness/record/run_lock.h"
#include "harness/store/variants.h"
#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

class Runs : public RunCli {
 protected:
  RunDirectory folder_of(const RunRecord& record) const {
    return RunDirectory(RunDirectory::path_of(workspace(), {record.key, record.seed}));
  }
};

TEST_F(Runs, EveryRunIsListedWithTheCellsItFills) {
  finish_run("table6", "Mask Low", 1, 80);
  RunRecord variant = tiny_record("variant of --set");
  ResultStore(ResultStore::path_of(workspace())).ingest(variant);
  const Json runs = harness({"runs", "--json"}).json()["runs"];
  ASSERT_EQ(runs.size(), 2u);
  for (const Json& run : runs) {
    EXPECT_EQ(run["state"], "done");
    const bool is_variant = run["key"] == variant.key;
    EXPECT_EQ(run["seed"], is_variant ? 0 : 1);
    const auto cells = run["cells"].get<std::set<std::string>>();  // several tables share the run
    EXPECT_EQ(cells.empty(), is_variant);
    EXPECT_EQ(cells.contains("table6/Mask Low at smoke"), !is_variant);
    EXPECT_FALSE(cells.contains("table6/Baseline at smoke"));
    EXPECT_EQ(run["bytes"].get<int64_t>() > 0, !is_variant);  // it has no folder
  }
  EXPECT_NE(harness({"runs"}).out.find("2 runs, "), std::string::npos);
}

TEST_F(Runs, ARunOfALabelTellsItsRowAndLabel) {
  keep_variant(workspace(), "few epochs", {{"/recipe/epochs=2"}, {"table6"}});
  const Json variant = harness({"list", "table6", "--as", "few epochs", "--json"}).json();
  RunRecord record = tiny_record("Baseline");
  record.key = variant["experiments"][0]["key"];
  record.spec["scale"] = "smoke";
  ResultStore(ResultStore::path_of(workspace())).ingest(record);
  const Json run = harness({"runs", "--json"}).json()["runs"][0];
  EXPECT_EQ(run["cells"], Json({"table6/Baseline at smoke as few epochs"}));
}

TEST_F(Runs, ALabelStandsForItsSetAndTables) {
  keep_variant(workspace(), "few epochs", {{"/recipe/epochs=2"}, {"table6"}});
  const Json plain = harness({"list", "table6", "--json"}).json();
  const Json set = harness({"list", "table6", "--set", "/recipe/epochs=2", "--json"}).json();
  EXPECT_NE(plain, set);
  EXPECT_EQ(harness({"list", "--as", "few epochs", "--json"}).json(), set);
  EXPECT_EQ(harness({"plan", "--as", "few epochs", "--json"}).json(),
            harness({"plan", "table6", "--set", "/recipe/epochs=2", "--json"}).json());
  EXPECT_NE(harness({"report", "--as", "few epochs"}).out.find("/recipe/epochs=2 (few epochs)"),
            std::string::npos);
  const Answer wrong = harness({"report", "--as", "few epoch"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_NE(wrong.err.find("did you mean 'few epochs'?"), std::string::npos) << wrong.err;
  EXPECT_THROW(keep_variant(workspace(), "few epochs", {{"/recipe/epochs=3"}, {"table6"}}), Error);
}

TEST_F(Runs, ShowTellsHowFarAnUnfinishedRunIs) {
  const RunDirectory run(RunDirectory::path_of(workspace(), {"0123456789abcdef", 0}));
  fs::create_directories(run.path());
  JournalWriter journal(run.journal_file());
  journal.append("start", {{"run", "0123456789abcdef-s0"}});
  const auto shown = [&] { return harness({"show", "0123", "--json"}).json()["run"]["progress"]; };
  EXPECT_TRUE(shown().is_null());
  for (const int epoch : {1, 2})
    journal.append("epoch", {{"epoch", epoch},
                             {"epochs", 16},
                             {"train_loss", 2.25},
                             {"images_per_s", 812.0},
                             {"data_wait_frac", 0.3}});
  const Json progress = shown();
  EXPECT_EQ(progress["epoch"], 2);
  EXPECT_EQ(progress["epochs"], 16);
  EXPECT_EQ(progress["images_per_s"], 812.0);
  EXPECT_GE(progress["left_s"], 0.0);
  EXPECT_NE(harness({"show", "0123"})
                .out.find("2 of 16 epochs, loss 2.250, 812 images/s, 30 % of it waiting"),
            std::string::npos);
}

TEST_F(Runs, ShowTellsTimesAndSizesInPeoplesUnits) {
  RunRecord record = tiny_record("net");
  record.wall_s = 185;
  record.peak_memory_bytes = int64_t(3) << 29;
  record.environment["data_wait_s"] = 37;
  ResultStore(ResultStore::path_of(workspace())).ingest(record);
  const std::string text = harness({"show", record.key.c_str()}).out;
  EXPECT_NE(text.find("3m05s"), std::string::npos) << text;
  EXPECT_NE(text.find("1.5 GiB"), std::string::npos) << text;
  EXPECT_NE(text.find("37 s, 20 % of the time"), std::string::npos) << text;
}

TEST_F(Runs, WithoutAnyItSaysSo) {
  EXPECT_NE(harness({"runs"}).out.find("no run is recorded in "), std::string::npos);
}

TEST_F(Runs, RmTakesRecordAndFolderAndLeavesTheOthers) {
  const RunRecord gone = finish_run("table6", "Mask Low", 0, 80);
  const RunRecord kept = finish_run("table6", "Baseline", 0, 70);
  const std::string id = text(RunId{gone.key, gone.seed});
  EXPECT_EQ(harness({"rm", id.c_str(), "--yes"}).code, 0);
  EXPECT_FALSE(fs::exists(folder_of(gone).path()));
  EXPECT_TRUE(fs::exists(folder_of(kept).record_file()));
  const auto store = ResultStore::open_read_only(ResultStore::path_of(workspace()));
  EXPECT_FALSE(store.has({gone.key, gone.seed}));
  EXPECT_TRUE(store.has({kept.key, kept.seed}));
  EXPECT_EQ(harness({"rm", id.c_str(), "--yes"}).code, 2);
}

TEST_F(Runs, RmNeedsAnAnswerOrYes) {
  const RunRecord record = finish_run("table6", "Mask Low", 0, 80);
  ASSERT_NE(std::freopen("/dev/null", "r", stdin), nullptr);
  const Answer answer = harness({"rm", record.key.c_str()});
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("--yes"), std::string::npos) << answer.err;
  EXPECT_TRUE(fs::exists(folder_of(record).record_file()));
}

TEST_F(Runs, RmLeavesARunThatSomebodyWorksOn) {
  const RunRecord record = finish_run("table6", "Mask Low", 0, 80);
  const auto lock = RunLock::try_take(folder_of(record));
  ASSERT_TRUE(lock);
  EXPECT_EQ(harness({"rm", record.key.c_str(), "--yes"}).code, 2);
  EXPECT_TRUE(fs::exists(folder_of(record).record_file()));
  EXPECT_TRUE(ResultStore::open_read_only(ResultStore::path_of(workspace()))
                  .has({record.key, record.seed}));
}

TEST_F(Runs, LogsPrintsWhatTheWorkerPrinted) {
  const RunRecord record = finish_run("table6", "Mask Low", 0, 80);
  EXPECT_EQ(harness({"logs", record.key.c_str()}).code, 2);
  std::ofstream(folder_of(record).log_file()) << "epoch 1\nepoch 2\n";
  EXPECT_EQ(harness({"logs", record.key.c_str()}).out, "epoch 1\nepoch 2\n");
  EXPECT_EQ(harness({"logs", "-f", record.key.c_str()}).out, "epoch 1\nepoch 2\n");
}

TEST_F(Runs, AFailedCellIsFailedInReportsTooWithTheReason) {
  const SpecLibrary library(HARNESS_SOURCE_DIR "/experiments");
  for (const TableRow& row : library.table("table6", "smoke").rows) {
    if (row.name() != "Baseline") continue;
    const RunDirectory run(RunDirectory::path_of(workspace(), {row.experiments.at(0).key, 0}));
    fs::create_directories(run.path());
    JournalWriter(run.journal_file()).append("fail", {{"what", "loss is not finite"}});
  }
  const Json rows = harness({"report", "table6", "--json"}).json()["tables"][0]["rows"];
  size_t failed = 0;
  for (const Json& row : rows)
    for (const Json& cell : row["cells"])
      if (cell["state"] == "failed") {
        ++failed;
        EXPECT_NE(cell["reason"].get<std::string>().find("loss is not finite"), std::string::npos);
      }
  EXPECT_EQ(failed, 1u);
  const Json listed = harness({"list", "table6", "--only", "Baseline", "--json"}).json();
  EXPECT_EQ(listed["experiments"][0]["state"], "failed");
}

TEST_F(Runs, AFolderOfOtherThingsIsNoWorkspace) {
  EXPECT_NE(harness({"list", "table6"}).err.find("does not exist yet"), std::string::npos);
  fs::create_directories(workspace());
  std::ofstream(workspace() / "letter.txt") << "x";
  for (const char* command : {"list", "report"}) {
    const Answer answer = harness({command, "table6"});
    EXPECT_EQ(answer.code, 2) << command;
    EXPECT_NE(answer.err.find("is not a workspace"), std::string::npos) << answer.err;
  }
}

TEST_F(Runs, WhatContradictsItselfIsRefused) {
  EXPECT_EQ(harness({"list", "--seeds", ""}).code, 2);
  EXPECT_EQ(harness({"report", "table6", "--json", "--format", "csv"}).code, 2);
  EXPECT_EQ(harness({"report", "table6", "--json", "--format", "json"}).code, 0);
}

}  // namespace
}  // namespace mra
