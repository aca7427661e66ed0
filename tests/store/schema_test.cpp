#include "harness/store/schema.h"

#include <fstream>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/store/result_store.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

class Schema : public testing::Test {
 protected:
  void execute(const std::string& sql) {
    SQLite::Database(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec(sql);
  }
  /// What opening for writing and for reading says; both must refuse, and leave the file alone.
  std::string refusal(ErrorKind kind) {
    const std::string before = read_file(file);
    const std::string writing = message(kind, [&] { ResultStore store(file); });
    EXPECT_EQ(message(kind, [&] { ResultStore::open_read_only(file); }), writing);
    EXPECT_EQ(read_file(file), before);
    return writing;
  }
  template <typename Work>
  static std::string message(ErrorKind kind, Work work) {
    try {
      work();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, kind);
      return error.what_happened;
    }
    return "was accepted";
  }

  TempDir dir;
  const std::filesystem::path file = dir / "harness.db";
};

TEST_F(Schema, MarksTheFileAsOurs) {
  { ResultStore store(file); }
  SQLite::Database db(file, SQLite::OPEN_READWRITE);
  EXPECT_EQ(db.execAndGet("PRAGMA application_id").getInt(), kApplicationId);
  EXPECT_EQ(db.execAndGet("PRAGMA user_version").getInt(), kSchemaVersion);
  EXPECT_EQ(db.execAndGet("SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%STRICT%'").getInt(),
            9);
}

TEST_F(Schema, ADatabaseOfAnotherProgramIsRefused) {
  execute("CREATE TABLE pictures (name TEXT)");
  EXPECT_EQ(refusal(ErrorKind::kIntegrity), "is the database of another program");
}

TEST_F(Schema, AnApplicationIdOfAnotherProgramIsRefused) {
  execute("PRAGMA application_id = 7; PRAGMA user_version = 2");
  EXPECT_EQ(refusal(ErrorKind::kIntegrity), "is the database of another program");
}

TEST_F(Schema, ANewerDatabaseIsRefused) {
  { ResultStore store(file); }
  execute(fmt::format("PRAGMA user_version = {}", kSchemaVersion + 1));
  EXPECT_NE(refusal(ErrorKind::kIntegrity).find("newer version"), std::string::npos);
}

TEST_F(Schema, TablesThatAreNotOursAreRefused) {
  const auto refused = [&](const std::string& sql) {
    std::filesystem::remove(file);
    { ResultStore store(file); }
    execute(sql);
    return refusal(ErrorKind::kIntegrity);
  };
  EXPECT_NE(refused("DROP TABLE metrics").find("'metrics' is missing"), std::string::npos);
  EXPECT_NE(refused("DROP INDEX judgement_ids").find("'judgement_ids'"), std::string::npos);
  EXPECT_NE(refused("DROP TABLE curves; CREATE TABLE curves (run, name, points)").find("'curves'"),
            std::string::npos);
  EXPECT_NE(refused("DROP TABLE rates; CREATE VIEW rates AS SELECT 1").find("'rates'"),
            std::string::npos);
  EXPECT_NE(refused("CREATE TRIGGER forget AFTER INSERT ON runs BEGIN DELETE FROM metrics; END")
                .find("trigger, 'forget'"),
            std::string::npos);
}

TEST_F(Schema, WhatSomebodyAddedBesideOurTablesIsLeftAlone) {
  { ResultStore store(file); }
  execute("CREATE VIEW best AS SELECT max(value) FROM metrics; ANALYZE");
  EXPECT_TRUE(ResultStore(file).runs().empty());
}

TEST_F(Schema, AFileThatIsNoDatabaseIsRefused) {
  std::ofstream(file) << std::string(4096, 'x');
  EXPECT_EQ(refusal(ErrorKind::kIntegrity), "is not a database");
}

TEST_F(Schema, AFolderInPlaceOfOneOfItsFilesIsNamedWithItsCure) {
  { ResultStore store(file); }
  for (const char* suffix : {"-wal", ""}) {
    const std::filesystem::path path = file.string() + suffix;
    std::filesystem::remove(path);
    std::filesystem::create_directories(path);
    for (const bool writing : {true, false}) try {
        writing ? ResultStore(file) : ResultStore::open_read_only(file);
        FAIL() << "was accepted";
      } catch (const Error& error) {
        EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
        EXPECT_EQ(error.where, path.string());
        EXPECT_NE(error.cure.find("db rebuild"), std::string::npos);
      }
    std::filesystem::remove(path);
  }
}

TEST_F(Schema, AChangedRowIsDamageOfTheDatabase) {
  const RunRecord record = tiny_record("a");
  ResultStore(file).ingest(record);
  // What a flipped bit leaves, for SQLite's own check of the value is gone with it.
  execute("PRAGMA ignore_check_constraints = ON; UPDATE specs SET spec = '{' || spec");
  EXPECT_NE(message(ErrorKind::kIntegrity,
                    [&] {
                      ResultStore::open_read_only(file).run({record.key, record.seed});
                    })
                .find("is a damaged database"),
            std::string::npos);
}

TEST_F(Schema, AnEmptyFileIsANewDatabase) {
  std::ofstream(file) << "";
  EXPECT_TRUE(ResultStore::open_read_only(file).runs().empty());
  EXPECT_EQ(ResultStore(file).ingest(tiny_record("a")), Ingested::kNew);
}

TEST_F(Schema, AFolderThatCannotBeMadeIsAnErrorOfTheMachine) {
  std::ofstream(dir / "file") << "x";
  EXPECT_NE(message(ErrorKind::kEnvironment, [&] { ResultStore store(dir / "file/harness.db"); }),
            "was accepted");
}

TEST_F(Schema, ARowOfNoRunIsFound) {
  { ResultStore store(file); }
  execute("INSERT INTO metrics VALUES (7, 'top1', 1.0)");
  EXPECT_EQ(ResultStore(file).problems(),
            std::vector<std::string>{"a row of metrics belongs to no run"});
}

}  // namespace mra
