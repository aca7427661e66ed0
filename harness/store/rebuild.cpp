#include "harness/store/rebuild.h"

#include <set>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/tell.h"
#include "harness/record/run_directory.h"
#include "harness/store/database.h"
#include "harness/store/record_writer.h"
#include "harness/store/schema.h"

namespace mra {

namespace fs = std::filesystem;

/// The runs in a database of any format version.
static std::set<RunId> run_ids(SQLite::Database& db) {
  std::set<RunId> ids;
  SQLite::Statement rows(db, "SELECT key, seed FROM runs");
  while (rows.executeStep())
    ids.insert({rows.getColumn(0).getString(), rows.getColumn(1).getInt64()});
  return ids;
}

Rebuilt take_in_runs(SQLite::Database& db, const fs::path& workspace) {
  Rebuilt rebuilt;
  RecordWriter writer(db);
  std::set<RunId> kept = run_ids(db);
  for (const RunDirectory& directory : run_directories(workspace)) {
    try {
      std::vector<Error> damaged;
      const auto record = directory.record(&damaged);
      if (!record) continue;
      for (const Error& error : damaged) rebuilt.damaged.push_back(error.what());
      const RunId id{record->key, record->seed};
      check(RunDirectory::path_of(workspace, id) == directory.path(), ErrorKind::kIntegrity,
            directory.record_file().string(), "is the record of run " + text(id),
            "move it to the folder of that run");
      writer.replace(*record);
      kept.erase(id);
      ++rebuilt.ingested;
    } catch (const Error& error) {
      rebuilt.damaged.push_back(error.what());
    }
  }
  rebuilt.kept = int64_t(kept.size());
  return rebuilt;
}

/// Whether two files hold the same bytes.
static bool same_bytes(const fs::path& left, const fs::path& right) {
  return fs::file_size(left) == fs::file_size(right) && sha256_file(left) == sha256_file(right);
}

/// Copies the database, which still has format `version`, to a file beside it; returns its path.
static fs::path back_up(const fs::path& path, int version) {
  const fs::path temporary = temporary_beside(path.string() + ".bak");
  fs::remove(temporary);
  {
    SQLite::Database source(path, SQLite::OPEN_READONLY, kBusyTimeout_ms);
    SQLite::Statement copy(source, "VACUUM INTO ?");
    copy.bind(1, temporary.string());
    copy.exec();
  }
  for (int number = 1;; ++number) {
    const std::string suffix = number == 1 ? "" : fmt::format(".{}", number);
    const fs::path name = fmt::format("{}.v{}.bak{}", path.string(), version, suffix);
    if (!fs::exists(name)) {
      publish_file(temporary, name);
      return name;
    }
    if (same_bytes(temporary, name)) {  // left by an earlier attempt that was interrupted
      fs::remove(temporary);
      return name;
    }
  }
}

/// Makes new tables and adds the records of all run directories. Prints how many runs of the old
/// tables have none.
static void fill(SQLite::Database& db, const fs::path& path, std::set<RunId> old, int version) {
  make_tables(db);
  const Rebuilt rebuilt = take_in_runs(db, path.parent_path());
  for (const std::string& damaged : rebuilt.damaged) tell("{}\n", damaged);
  for (const RunId& id : run_ids(db)) old.erase(id);
  if (!old.empty())
    tell("{}: {} runs of the older format {} have no record under runs/ and are left out\n",
         path.string(), old.size(), version);
}

void make_anew(SQLite::Database& db, const fs::path& path) {
  db.exec("PRAGMA foreign_keys = OFF");  // allows dropping tables in any order
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  const int version = schema_version(db);
  if (version >= kSchemaVersion) return;  // another process has converted it meanwhile
  const fs::path copy = back_up(path, version);
  const std::set<RunId> old = run_ids(db);
  for (const char* table : {"judgements", "rates", "evidence", "artifacts", "curves", "metrics",
                            "runs", "specs", "shapes"})
    db.exec(std::string("DROP TABLE IF EXISTS ") + table);
  fill(db, path, old, version);
  db.exec(fmt::format("PRAGMA user_version = {}", kSchemaVersion));
  transaction.commit();
  tell("{}: converted from format {} to {}; the old file is kept as {}\n", path.string(), version,
       kSchemaVersion, copy.filename().string());
}

std::unique_ptr<SQLite::Database> made_anew_aside(SQLite::Database& old, const fs::path& path) {
  auto db = std::make_unique<SQLite::Database>(
      "", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);  // a temporary database
  SQLite::Transaction transaction(*db);
  fill(*db, path, run_ids(old), schema_version(old));
  transaction.commit();
  return db;
}

}  // namespace mra
