#include "harness/run/audit.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/journal.h"
#include "harness/record/trace.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

/// A workspace with one whole run.
class AuditOfARun : public testing::Test {
 protected:
  AuditOfARun() {
    fs::create_directories(run.path());
    write_file_atomically(run.weights_file(), "weights");
    record.weights_file = run.weights_file().filename().string();
    record.weights_sha256 = sha256("weights");
    write_file_atomically(run.record_file(), to_json(record).dump());
    write_file_atomically(
        run.spec_file(),
        Json{{"key", record.key}, {"seed", record.seed}, {"experiment", "x"}, {"spec", record.spec}}
            .dump());
    write_file_atomically(run.environment_file(), record.environment.dump(1));
    JournalWriter(run.trace_file()).append("trace", trace_fields(1, {{1, 2.5}}, {{"w", "0"}}));
    JournalWriter journal(run.journal_file());
    journal.append("start", {{"run", text(RunId{record.key, record.seed})}});
    for (const auto& [epoch, loss] : record.curves["train_loss"])
      journal.append("epoch", {{"epoch", int64_t(epoch)}, {"train_loss", loss}});
    journal.append("finish", {{"trace_sha256", sha256_file(run.trace_file())}});
    store.ingest(record);
  }
  std::vector<Error> problems(bool hash_weights = true) {
    return audit(folder.path(), store, hash_weights).problems;
  }
  void expect_one(const fs::path& where) {
    const auto found = problems();
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NE(found[0].where.find(where.string()), std::string::npos) << found[0].what();
    EXPECT_FALSE(found[0].cure.empty());
  }
  void flip(const fs::path& path, int64_t at) {
    std::string bytes = read_file(path);
    bytes.at(size_t(at)) ^= 1;
    write_file_atomically(path, bytes);
  }

  TempDir folder;
  RunRecord record = tiny_record("a");
  RunDirectory run{RunDirectory::path_of(folder.path(), {record.key, record.seed})};
  ResultStore store{ResultStore::path_of(folder.path())};
};

TEST_F(AuditOfARun, FindsNothingInAWholeOne) {
  EXPECT_TRUE(problems().empty());
  EXPECT_EQ(audit(folder.path(), store, true).directories, 1);
}

TEST_F(AuditOfARun, FindsWeightsThatChanged) {
  flip(run.weights_file(), 3);
  EXPECT_TRUE(problems(/*hash_weights=*/false).empty());
  expect_one(run.weights_file());
}

TEST_F(AuditOfARun, FindsWeightsThatAreGone) {
  fs::remove(run.weights_file());
  expect_one(run.weights_file());
}

TEST_F(AuditOfARun, FindsADamagedJournalAndATornOne) {
  { std::ofstream(run.journal_file(), std::ios::app) << "{\"sequ"; }
  expect_one(run.journal_file());
  flip(run.journal_file(), 10);
  expect_one(run.journal_file());
}

TEST_F(AuditOfARun, FindsADamagedRecord) {
  write_file_atomically(run.record_file(), "{");
  expect_one(run.record_file());
}

TEST_F(AuditOfARun, FindsARecordThatTheDatabaseLacksOrContradicts) {
  RunRecord other = record;
  other.metrics.begin()->second += 1;
  write_file_atomically(run.record_file(), to_json(other).dump());
  expect_one(run.record_file());
  store.remove({record.key, record.seed});
  expect_one(run.record_file());
  store.rebuild(folder.path());
  EXPECT_TRUE(problems().empty());
}

TEST_F(AuditOfARun, FindsAJudgementThatTheDatabaseLacksOrContradicts) {
  Judgement judgement = tiny_judgement();
  judgement.weights_sha256 = record.weights_sha256;
  fs::create_directories(run.judged_folder());
  const fs::path path = run.judgement_file(id_of(judgement));
  write_file_atomically(path, to_json(judgement).dump());
  expect_one(run.record_file());
  store.rebuild(folder.path());
  EXPECT_TRUE(problems().empty());
  judgement.details["pictures"] = 8;
  write_file_atomically(path, to_json(judgement).dump());
  expect_one(run.record_file());
  store.rebuild(folder.path());
  EXPECT_TRUE(problems().empty());
}

TEST_F(AuditOfARun, FindsASpecOfAnotherRun) {
  Json request = Json::parse(read_file(run.spec_file()));
  request["seed"] = record.seed + 1;
  write_file_atomically(run.spec_file(), request.dump());
  expect_one(run.spec_file());
  write_file_atomically(run.spec_file(), "[]");
  expect_one(run.spec_file());
}

TEST_F(AuditOfARun, FindsASpecChangedAnywhere) {
  Json request = Json::parse(read_file(run.spec_file()));
  request["spec"]["evaluate"] = Json::array({{{"occlusion", Json::object()}}});  // not of its key
  write_file_atomically(run.spec_file(), request.dump());
  EXPECT_TRUE(problems().empty());
  request["spec"]["lr"] = 0.2;
  write_file_atomically(run.spec_file(), request.dump());
  expect_one(run.spec_file());
  write_file_atomically(run.spec_file(), std::string(100000, '['));
  expect_one(run.spec_file());
}

TEST_F(AuditOfARun, FindsAnotherEnvironmentThanTheRecordTells) {
  for (const char* text : {R"({"commit": "abd", "dirty": false})", R"({"commit": )", ""}) {
    write_file_atomically(run.environment_file(), text);
    expect_one(run.environment_file());
  }
}

TEST_F(AuditOfARun, FindsATraceThatIsNotTheOneItWrote) {
  fs::remove(run.trace_file());
  EXPECT_TRUE(problems().empty());
  JournalWriter(run.trace_file()).append("trace", trace_fields(1, {{1, 2.6}}, {{"w", "0"}}));
  expect_one(run.trace_file());
}

TEST_F(AuditOfARun, FindsAJournalWhoseLastLinesAreGone) {
  const std::string bytes = read_file(run.journal_file());
  const size_t finish = bytes.rfind('\n', bytes.size() - 2) + 1;
  const size_t epoch = bytes.rfind('\n', finish - 2) + 1;
  write_file_atomically(run.journal_file(), bytes.substr(0, finish));  // as killed just before it
  EXPECT_TRUE(problems().empty());
  write_file_atomically(run.journal_file(), bytes.substr(0, epoch));
  expect_one(run.journal_file());
  write_file_atomically(run.journal_file(), "");
  expect_one(run.journal_file());
}

TEST_F(AuditOfARun, FindsTheJournalAndTheTraceOfAnotherRun) {
  const Json of_another = {{"run", text(RunId{record.key, record.seed + 1})}};
  fs::remove(run.journal_file());
  JournalWriter(run.journal_file()).append("start", of_another);
  expect_one(run.journal_file());
  fs::remove(run.journal_file());
  fs::remove(run.trace_file());
  JournalWriter(run.trace_file()).append("start", of_another);
  expect_one(run.trace_file());
}

TEST_F(AuditOfARun, CountsRunsWhoseFolderIsGone) {
  fs::remove_all(run.path());
  const Audit found = audit(folder.path(), store, true);
  EXPECT_TRUE(found.problems.empty());
  EXPECT_EQ(found.rows_only, 1);
}

}  // namespace
}  // namespace mra
