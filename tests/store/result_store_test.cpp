#include "harness/store/result_store.h"

#include <cmath>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

namespace fs = std::filesystem;

class Store : public testing::Test {
 protected:
  TempDir dir;
  const fs::path file = ResultStore::path_of(dir.path());
};

static RunId id_of(const RunRecord& record) {
  return {record.key, record.seed};
}

TEST_F(Store, GivesBackTheWholeRecord) {
  const RunRecord record = tiny_record("a", 2, 77.87);
  EXPECT_EQ(ResultStore(file).ingest(record), Ingested::kNew);
  ResultStore store(file);
  ASSERT_TRUE(store.has(id_of(record)));
  EXPECT_EQ(to_json(*store.run(id_of(record))), to_json(record));
  EXPECT_FALSE(store.has({record.key, 3}));
  EXPECT_FALSE(store.run({"0000000000000000", 0}));
}

TEST_F(Store, GivesBackTheEvidence) {
  RunRecord record = tiny_record("a");
  record.evidence = std::string("{}\n\0\xff", 5);
  record.evidence_sha256 = std::string(64, 'e');
  RunRecord lost = tiny_record("b");
  lost.evidence_sha256 = record.evidence_sha256;
  ResultStore store(file);
  store.ingest_all({record, lost});
  EXPECT_EQ(store.run(id_of(record))->evidence, record.evidence);
  EXPECT_EQ(store.evidence(id_of(record)), record.evidence);
  EXPECT_EQ(store.evidence(id_of(lost)), "");
  EXPECT_EQ(to_json(*store.run(id_of(record))), to_json(record));
  EXPECT_EQ(to_json(*store.run(id_of(lost))), to_json(lost));
  EXPECT_EQ(store.run(id_of(lost))->evidence, "");
  EXPECT_EQ(store.ingest(record), Ingested::kSame);
  store.remove(id_of(record));
  EXPECT_EQ(store.ingest(record), Ingested::kNew);
}

TEST_F(Store, TheSameRecordTwiceChangesNothing) {
  ResultStore store(file);
  store.ingest(tiny_record("a"));
  EXPECT_EQ(store.ingest(tiny_record("a")), Ingested::kSame);
  EXPECT_EQ(store.runs().size(), 1u);
}

TEST_F(Store, AnotherResultOfARunIsRefusedAndTheFirstKept) {
  ResultStore store(file);
  store.ingest(tiny_record("a", 0, 50));
  EXPECT_EQ(store.ingest(tiny_record("a", 0, 60)), Ingested::kConflict);
  EXPECT_EQ(store.values(tiny_record("a").key, "top1").at(0).second, 50);
}

TEST_F(Store, ValuesAreOnePerSeedInOrder) {
  ResultStore store(file);
  for (const int64_t seed : {2, 0, 10}) store.ingest(tiny_record("a", seed, 50.5 + double(seed)));
  store.ingest(tiny_record("b", 1, 10));
  const std::vector<std::pair<int64_t, double>> expected{{0, 50.5}, {2, 52.5}, {10, 60.5}};
  EXPECT_EQ(store.values(tiny_record("a").key, "top1"), expected);
  EXPECT_TRUE(store.values(tiny_record("a").key, "top5").empty());
}

TEST_F(Store, APlaceOnACurveIsItsLastPointUpToThere) {
  ResultStore store(file);
  RunRecord record = tiny_record("a", 3);
  record.curves = {{"train_loss", {{1, 3}, {2, 2}, {3, 1.5}, {4, 1}}},
                   {"used_frac", {{2, 0.1}, {3, 0.4}}}};
  store.ingest(record);
  using Values = std::vector<std::pair<int64_t, double>>;
  EXPECT_EQ(store.values(record.key, "train_loss@0.5"), (Values{{3, 2}}));
  EXPECT_EQ(store.values(record.key, "train_loss@0.74"), (Values{{3, 2}}));
  EXPECT_EQ(store.values(record.key, "train_loss@1"), (Values{{3, 1}}));
  EXPECT_EQ(store.values(record.key, "used_frac@0.75"), (Values{{3, 0.4}}));
  EXPECT_EQ(store.values(record.key, "used_frac@1"), (Values{{3, 0.4}}));
  EXPECT_EQ(store.values(record.key, "used_frac@0.25"), Values());  // it begins later
  EXPECT_EQ(store.values(record.key, "top5@0.5"), Values());
}

TEST_F(Store, NoNumberLeavesNothingBehind) {
  ResultStore store(file);
  RunRecord record = tiny_record("a");
  record.metrics["zz"] = std::nan("");
  EXPECT_THROW(store.ingest(record), Error);
  EXPECT_TRUE(store.runs().empty());
}

TEST_F(Store, JudgementsComeWithTheRunOrLater) {
  ResultStore store(file);
  RunRecord record = tiny_record("a");
  store.ingest(record);
  const std::string id = id_of(tiny_judgement());
  EXPECT_FALSE(store.judged(id_of(record), id));
  EXPECT_FALSE(store.judging_s(id));
  record.judgements = {tiny_judgement()};
  EXPECT_EQ(store.ingest(record), Ingested::kNew);
  EXPECT_EQ(store.ingest(record), Ingested::kSame);
  EXPECT_EQ(store.ingest(tiny_record("a")), Ingested::kSame) << "what is known stays known";
  EXPECT_TRUE(store.judged(id_of(record), id));
  EXPECT_FALSE(store.judged({record.key, 1}, id));
  EXPECT_EQ(store.judging_s(id), 3);
  EXPECT_EQ(to_json(*store.run(id_of(record))), to_json(record));
}

TEST_F(Store, AMetricIsThatOfTheJudgementAskedFor) {
  ResultStore store(file);
  for (const int64_t seed : {1, 0}) {
    RunRecord record = tiny_record("a", seed);
    record.judgements = {tiny_judgement(4, 40 + double(seed)), tiny_judgement(2, 60)};
    store.ingest(record);
  }
  using Values = std::vector<std::pair<int64_t, double>>;
  const std::string key = tiny_record("a").key;
  const std::string metric = "occlusion/top1_error_4";
  EXPECT_EQ(store.judged_values(key, id_of(tiny_judgement(4)), metric), (Values{{0, 40}, {1, 41}}));
  EXPECT_EQ(store.judged_values(key, id_of(tiny_judgement(2)), metric), (Values{{0, 60}, {1, 60}}));
  EXPECT_TRUE(store.judged_values(key, id_of(tiny_judgement(8)), metric).empty());
  EXPECT_TRUE(store.values(key, metric).empty()) << "it is none of the training's";
}

TEST_F(Store, ARemovedRunIsGoneWithAllItsRows) {
  ResultStore store(file);
  store.ingest(tiny_record("a"));
  store.remove(id_of(tiny_record("a")));
  EXPECT_TRUE(store.values(tiny_record("a").key, "top1").empty());
  EXPECT_EQ(store.ingest(tiny_record("a", 0, 60)), Ingested::kNew);
  EXPECT_TRUE(store.problems().empty());
}

TEST_F(Store, NearestNamesTheFewestDifferences) {
  ResultStore store(file);
  EXPECT_FALSE(store.nearest({{"lr", 1}}));
  store.ingest(tiny_record("a"));
  Json spec = tiny_record("b").spec;
  EXPECT_EQ(store.nearest(spec)->pointers, std::vector<std::string>{"/model/name"});
  store.ingest(tiny_record("b"));
  spec["lr"] = 0.2;
  spec["mra"] = {{"hide", "low"}};
  const auto nearest = store.nearest(spec);
  EXPECT_EQ(nearest->experiment, "table6/b");
  EXPECT_EQ(nearest->pointers, (std::vector<std::string>{"/lr", "/mra/hide"}));
  EXPECT_TRUE(store.nearest(tiny_record("b").spec)->pointers.empty());
}

TEST_F(Store, ReadingAnAbsentOneFindsNothingAndMakesNothing) {
  const auto store = ResultStore::open_read_only(dir / "absent/harness.db");
  EXPECT_TRUE(store.runs().empty());
  EXPECT_FALSE(store.has({"0", 0}));
  EXPECT_FALSE(store.nearest({{"a", 1}}));
  EXPECT_TRUE(fs::is_empty(dir.path()));
}

TEST_F(Store, ReadingLeavesTheFolderAsItWas) {
  ResultStore(file).ingest(tiny_record("a"));
  const std::string before = read_file(file);
  EXPECT_EQ(ResultStore::open_read_only(file).runs().size(), 1u);
  EXPECT_EQ(read_file(file), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir.path()), fs::directory_iterator()), 1);
  EXPECT_THROW(ResultStore::open_read_only(file).ingest(tiny_record("b")), Error);
}

TEST_F(Store, AReadOnlyWorkspaceCanBeReadAndSaysSoWhenWritten) {
  ResultStore(file).ingest(tiny_record("a"));
  fs::permissions(dir.path(), fs::perms(0555));
  const pid_t child = ::fork();
  if (child == 0) {
    if (::getuid() == 0 && ::setuid(65534) != 0) ::_exit(3);  // root may write everywhere
    try {
      if (ResultStore::open_read_only(file).runs().size() != 1) ::_exit(1);
      ResultStore{file}.ingest(tiny_record("b"));
    } catch (const Error& error) {
      std::fprintf(stderr, "%s\n", error.what());
      ::_exit(error.kind == ErrorKind::kEnvironment ? 0 : 2);
    }
    ::_exit(4);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  fs::permissions(dir.path(), fs::perms(0755));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(Store, AReaderSeesOneMoment) {
  ResultStore writer(file);
  writer.ingest(tiny_record("a"));
  const auto reader = ResultStore::open_read_only(file);
  EXPECT_EQ(reader.runs().size(), 1u);
  writer.ingest(tiny_record("b"));
  EXPECT_EQ(reader.runs().size(), 1u);
  EXPECT_EQ(ResultStore::open_read_only(file).runs().size(), 2u);
}

TEST_F(Store, IsRebuiltFromRunDirectories) {
  for (const RunRecord& record : {tiny_record("a"), tiny_record("a", 1), tiny_record("b")}) {
    const fs::path path = RunDirectory::path_of(dir.path(), id_of(record));
    fs::create_directories(path);
    write_file_atomically(path / "record.json", to_json(record).dump());
  }
  const fs::path broken = RunDirectory::path_of(dir.path(), {"0123456789abcdef", 0});
  fs::create_directories(broken);
  std::ofstream(broken / "record.json") << "{";
  fs::create_directories(broken.string() + ".old-1");
  std::ofstream(broken.string() + ".old-1/record.json") << "{";
  ResultStore store(file);
  store.ingest(tiny_record("a", 0, 1));
  store.ingest(tiny_record("c"));
  const Rebuilt rebuilt = store.rebuild(dir.path());
  EXPECT_EQ(rebuilt.ingested, 3);
  EXPECT_EQ(rebuilt.kept, 1);
  ASSERT_EQ(rebuilt.damaged.size(), 1u);
  EXPECT_NE(rebuilt.damaged[0].find(broken.string()), std::string::npos);
  EXPECT_EQ(store.runs().size(), 4u);
  EXPECT_EQ(store.values(tiny_record("a").key, "top1").at(0).second, 50);
}

TEST_F(Store, ManyProcessesMakeAndFillItAtOnce) {
  constexpr int kProcesses = 6, kRuns = 5;
  for (int process = 0; process < kProcesses; ++process) {
    if (::fork() != 0) continue;
    int failures = 0;
    try {
      ResultStore store(file);
      for (int run = 0; run < kRuns; ++run) {
        store.ingest(tiny_record("own", process * kRuns + run));
        store.ingest(tiny_record("shared", run));
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
      failures = 1;
    }
    ::_exit(failures);
  }
  for (int process = 0, status = 0; process < kProcesses; ++process) {
    ::wait(&status);
    EXPECT_EQ(status, 0);
  }
  const ResultStore store(file);
  EXPECT_EQ(store.runs().size(), size_t(kProcesses * kRuns + kRuns));
  EXPECT_TRUE(store.problems().empty());
}

}  // namespace mra
