#include "harness/store/schema.h"

#include <chrono>
#include <set>
#include <thread>
#include <tuple>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "harness/base/disk.h"
#include "harness/base/error.h"
#include "harness/store/database.h"
#include "harness/store/rebuild.h"

namespace mra {

namespace fs = std::filesystem;

// NOT NULL on values refuses NaN, which SQLite stores as NULL. A spec that many seeds share is
// stored once. `hashes` has one hash for each pointer of the spec's shape, for nearest(). `content`
// of evidence is the file evidence.bits, empty when that is lost. `content` of judgements is a
// whole judgement as JSON: queries read few and small parts of it.
static constexpr char kTables[] = R"sql(
CREATE TABLE shapes (
  id INTEGER PRIMARY KEY,
  pointers TEXT NOT NULL UNIQUE CHECK (json_valid(pointers))
) STRICT;
CREATE TABLE specs (
  key TEXT PRIMARY KEY NOT NULL CHECK (length(key) = 16),
  shape INTEGER NOT NULL REFERENCES shapes (id),
  hashes BLOB NOT NULL,
  spec TEXT NOT NULL CHECK (json_valid(spec))
) STRICT;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL REFERENCES specs (key),
  seed INTEGER NOT NULL CHECK (seed >= 0),
  experiment TEXT NOT NULL,
  started_utc TEXT NOT NULL,
  wall_s REAL NOT NULL,
  cpu_s REAL NOT NULL,
  peak_memory_bytes INTEGER NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts >= 1),
  environment TEXT NOT NULL CHECK (json_valid(environment)),
  UNIQUE (key, seed)
) STRICT;
CREATE TABLE metrics (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE curves (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  points TEXT NOT NULL CHECK (json_valid(points)),
  PRIMARY KEY (run, name)
) STRICT;
CREATE TABLE artifacts (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (run, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE evidence (
  run INTEGER PRIMARY KEY NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL,
  content BLOB NOT NULL
) STRICT;
CREATE TABLE rates (
  machine TEXT NOT NULL,
  work TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('run', 'probe')),
  device TEXT NOT NULL,
  threads INTEGER NOT NULL,
  images_per_s REAL NOT NULL CHECK (images_per_s > 0),
  basis TEXT NOT NULL,
  measured_utc TEXT NOT NULL,
  PRIMARY KEY (machine, work, source, device, threads)
) STRICT, WITHOUT ROWID;
CREATE TABLE judgements (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  wall_s REAL NOT NULL,
  content TEXT NOT NULL CHECK (json_valid(content)),
  PRIMARY KEY (run, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX judgement_ids ON judgements (id);
)sql";

static int number(SQLite::Database& db, const char* query) {
  return db.execAndGet(query).getInt();
}

void make_tables(SQLite::Database& db) {
  db.exec(kTables);
}

int schema_version(SQLite::Database& db) {
  return number(db, "PRAGMA user_version");
}

using SchemaEntry = std::tuple<std::string, std::string, std::string>;  // type, name, SQL

static std::set<SchemaEntry> schema_entries(SQLite::Database& db) {
  std::set<SchemaEntry> entries;
  SQLite::Statement rows(db, "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL");
  while (rows.executeStep())
    entries.emplace(rows.getColumn(0).getString(), rows.getColumn(1).getString(),
                    rows.getColumn(2).getString());
  return entries;
}

/// Checks that our tables are as make_tables() makes them, and that no trigger changes them. Other
/// entries, such as a user's own views, are ignored.
static void check_tables(SQLite::Database& db, const fs::path& path) {
  SQLite::Database empty(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  make_tables(empty);
  const std::set<SchemaEntry> found = schema_entries(db);
  for (const SchemaEntry& entry : schema_entries(empty))
    if (!found.contains(entry))
      fail_damaged(path, fmt::format("its {} '{}' is missing or was changed", std::get<0>(entry),
                                     std::get<1>(entry)));
  for (const auto& [type, name, sql] : found)
    if (type == "trigger") fail_damaged(path, fmt::format("it has a trigger, '{}'", name));
}

bool check_identity(SQLite::Database& db, const fs::path& path) {
  db.exec("SAVEPOINT identity");  // one snapshot: another process may be making the tables now
  const int application = number(db, "PRAGMA application_id");
  const int version = schema_version(db);
  const int entries = number(db, "SELECT count(*) FROM sqlite_schema");
  db.exec("RELEASE identity");
  if (application == 0 && version == 0 && entries == 0) return false;
  check(application == kApplicationId, ErrorKind::kIntegrity, path.string(),
        "is the database of another program",
        "choose another workspace (--workspace DIR), or move this file away");
  check(version <= kSchemaVersion, ErrorKind::kIntegrity, path.string(),
        fmt::format("was written by a newer version of the program: its format is {}, and {} is "
                    "the newest known",
                    version, kSchemaVersion),
        "use the newer program, or choose another workspace (--workspace DIR)");
  if (version == kSchemaVersion) check_tables(db, path);  // an older one will be converted
  return true;
}

/// Sets the journal mode. When two processes do so at once, SQLite returns "busy" without waiting,
/// so this function waits and tries again.
static void set_journal_mode(SQLite::Database& db, const std::string& mode) {
  for (int attempt = 0;; ++attempt) {
    try {
      if (db.execAndGet("PRAGMA journal_mode").getString() == mode) return;
      db.execAndGet("PRAGMA journal_mode = " + mode);
      return;
    } catch (const SQLite::Exception& error) {
      constexpr int kBusy = 5, kAttempts = 300;
      if (error.getErrorCode() != kBusy || attempt == kAttempts) throw;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
}

void prepare_for_writing(SQLite::Database& db, const fs::path& path) {
  const bool ready = check_identity(db, path);
  // "wal" needs shared memory, which file systems such as FUSE or 9p may not provide.
  const bool local = file_system_of(path).locality == Locality::kLocal;
  set_journal_mode(db, local ? "wal" : "delete");
  db.exec("PRAGMA synchronous = FULL; PRAGMA cache_size = -65536");  // a cache of 64 MiB
  if (ready) {
    if (schema_version(db) < kSchemaVersion) make_anew(db, path);
  } else {
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    // Another process may have made the tables while this one waited.
    if (!check_identity(db, path)) {
      make_tables(db);
      db.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId,
                          kSchemaVersion));
      transaction.commit();
    }
  }
  db.exec("PRAGMA foreign_keys = ON");
  check(number(db, "PRAGMA foreign_keys") == 1, ErrorKind::kEnvironment, path.string(),
        "this SQLite does not support foreign keys", "install SQLite built with its defaults");
}

}  // namespace mra
