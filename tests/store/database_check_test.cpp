#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/store/result_store.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

/// A database with one run, whose folder is there too.
class DatabaseCheck : public testing::Test {
 protected:
  DatabaseCheck() {
    const RunDirectory run(RunDirectory::path_of(folder.path(), {record.key, record.seed}));
    std::filesystem::create_directories(run.path());
    write_file_atomically(run.record_file(), to_json(record).dump());
    ResultStore(file).rebuild(folder.path());
  }
  std::vector<std::string> problems_after(const std::string& sql) {
    SQLite::Database(file, SQLite::OPEN_READWRITE).exec(sql);
    return ResultStore(file).problems();
  }

  TempDir folder;
  std::filesystem::path file = ResultStore::path_of(folder.path());
  RunRecord record = tiny_record("a");
};

TEST_F(DatabaseCheck, FindsASpecThatIsNotThatOfItsKeyAndARebuildMendsIt) {
  for (const char* sql :
       {"UPDATE specs SET spec = json_set(spec, '$.lr', 0.2)", "UPDATE specs SET spec = '[]'",
        "UPDATE specs SET hashes = zeroblob(length(hashes))", "UPDATE specs SET hashes = x'00'",
        "UPDATE shapes SET pointers = '[\"/a\"]'"}) {
    EXPECT_EQ(problems_after(sql),
              std::vector<std::string>{"the spec " + record.key + " was changed"})
        << sql;
    ResultStore store(file);
    store.rebuild(folder.path());
    EXPECT_TRUE(store.problems().empty()) << sql;
    EXPECT_EQ(to_json(*store.run({record.key, record.seed})), to_json(record)) << sql;
  }
}

TEST(LongPath, IsToldAsSuch) {
  const TempDir folder;
  const auto workspace =
      folder.path() / std::string(200, 'a') / std::string(200, 'b') / std::string(100, 'c');
  for (const bool writing : {false, true}) try {
      const auto path = ResultStore::path_of(workspace);
      writing ? void(ResultStore(path)) : void(ResultStore::open_read_only(path));
      ADD_FAILURE() << writing;
    } catch (const Error& error) {
      EXPECT_NE(error.what_happened.find("bytes"), std::string::npos) << error.what();
      EXPECT_NE(error.cure.find("shorter path"), std::string::npos) << error.what();
    }
}

}  // namespace mra
