#include "harness/store/schema.h"

#include <chrono>
#include <thread>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sys/vfs.h>

#include "harness/base/error.h"

namespace mra {

namespace fs = std::filesystem;

// NOT NULL on a value has a use: SQLite stores "not a number" as NULL, so no such result gets in.
static constexpr char kTables[] = R"sql(
CREATE TABLE runs (
  key TEXT NOT NULL CHECK (length(key) = 16),
  seed INTEGER NOT NULL CHECK (seed >= 0),
  experiment TEXT NOT NULL,
  spec TEXT NOT NULL CHECK (json_valid(spec)),
  environment TEXT NOT NULL CHECK (json_valid(environment)),
  started_utc TEXT NOT NULL,
  wall_s REAL NOT NULL,
  cpu_s REAL NOT NULL,
  peak_memory_bytes INTEGER NOT NULL,
  attempts INTEGER NOT NULL CHECK (attempts >= 1),
  PRIMARY KEY (key, seed)
) STRICT;
CREATE TABLE metrics (
  key TEXT NOT NULL,
  seed INTEGER NOT NULL,
  name TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (key, seed, name),
  FOREIGN KEY (key, seed) REFERENCES runs (key, seed) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE curves (
  key TEXT NOT NULL,
  seed INTEGER NOT NULL,
  name TEXT NOT NULL,
  point INTEGER NOT NULL,
  epoch REAL NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (key, seed, name, point),
  FOREIGN KEY (key, seed) REFERENCES runs (key, seed) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE artifacts (
  key TEXT NOT NULL,
  seed INTEGER NOT NULL,
  kind TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  PRIMARY KEY (key, seed, kind),
  FOREIGN KEY (key, seed) REFERENCES runs (key, seed) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
)sql";

static int number(SQLite::Database& db, const char* query) {
  return db.execAndGet(query).getInt();
}

bool check_identity(SQLite::Database& db, const fs::path& path) {
  db.exec("SAVEPOINT identity");  // all three of one moment: another process may be making the file
  const int application = number(db, "PRAGMA application_id");
  const int version = number(db, "PRAGMA user_version");
  const int entries = number(db, "SELECT count(*) FROM sqlite_schema");
  db.exec("RELEASE identity");
  if (application == 0 && version == 0 && entries == 0) return false;
  check(application == kApplicationId, ErrorKind::kIntegrity, path.string(),
        "is the database of another program",
        "choose another workspace (--workspace DIR), or move this file away");
  check(version <= kSchemaVersion, ErrorKind::kIntegrity, path.string(),
        fmt::format("was written by a newer version of the program: its format is {}, known is {}",
                    version, kSchemaVersion),
        "use the newer program, or choose another workspace (--workspace DIR)");
  return true;
}

/// Whether several machines may share the folder: there, the memory that WAL needs is not shared.
static bool on_network(const fs::path& path) {
  struct statfs info {};
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (::statfs(folder.c_str(), &info) != 0) return false;
  // NFS, Lustre, GPFS, SMB, CIFS, SMB2, FUSE, 9P, as in the kernel's magic.h
  for (const uint32_t type : {0x6969u, 0x0BD00BD0u, 0x47504653u, 0x517Bu, 0xFF534D42u, 0xFE534D42u,
                              0x65735546u, 0x01021997u})
    if (uint32_t(info.f_type) == type) return true;
  return false;
}

/// Two programs that change the mode at once get "busy" without waiting: so wait here.
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
  set_journal_mode(db, on_network(path) ? "delete" : "wal");
  db.exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  check(number(db, "PRAGMA foreign_keys") == 1, ErrorKind::kEnvironment, path.string(),
        "this SQLite cannot keep foreign keys", "install SQLite built with its defaults");
  if (ready) return;
  SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
  // Another process may have made the tables while this one waited.
  if (check_identity(db, path)) return;
  db.exec(kTables);
  db.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kApplicationId,
                      kSchemaVersion));
  transaction.commit();
}

}  // namespace mra
