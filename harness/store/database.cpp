#include "harness/store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include "harness/base/disk.h"
#include "harness/base/error.h"
#include "harness/store/rebuild.h"
#include "harness/store/schema.h"

namespace mra {

namespace fs = std::filesystem;

void fail_database(const fs::path& path, const SQLite::Exception& error) {
  switch (error.getErrorCode()) {
    case SQLITE_NOTADB:
      fail(ErrorKind::kIntegrity, path.string(), "is not a database",
           "move it away; `harness db rebuild` makes a new one from the run directories");
    case SQLITE_CORRUPT:
      fail_damaged(path, error.what());
    case SQLITE_BUSY:
      fail(ErrorKind::kEnvironment, path.string(),
           fmt::format("has been locked by another process for over {} s", kBusyTimeout_ms / 1000),
           "find out which process uses it (lsof), and repeat the command");
    case SQLITE_NOMEM:
      fail(ErrorKind::kEnvironment, path.string(), "the machine is out of memory",
           "end other programs, then repeat the command");
    case SQLITE_FULL:
    case SQLITE_IOERR:
      fail(ErrorKind::kEnvironment, path.string(),
           fmt::format("cannot be written: {}", error.what()),
           "make room on the disk (and see ulimit -f), then repeat the command");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      fail(ErrorKind::kEnvironment, path.string(),
           fmt::format("cannot be opened or written: {}", error.what()),
           "choose a workspace that may be written to (--workspace DIR)");
    default:
      fail(ErrorKind::kFailure, path.string(), error.what(), "check it with `harness db check`");
  }
}

void fail_damaged(const fs::path& path, const std::string& what) {
  fail(ErrorKind::kIntegrity, path.string(), "is a damaged database: " + what,
       "move it away; `harness db rebuild` makes a new one from the run directories");
}

/// Refuses too long a path, and folders in place of the database's files: SQLite only says that
/// these cannot be opened.
static void check_files(const fs::path& path) {
  constexpr size_t kMostBytes = 512, kLongestSuffix = 8;  // of SQLite on Unix, "-journal"
  const size_t bytes = fs::absolute(path).string().size();
  check(bytes + kLongestSuffix <= kMostBytes, ErrorKind::kUsage, path.string(),
        fmt::format("its full path has {} bytes, and that of a database may have {}", bytes,
                    kMostBytes - kLongestSuffix),
        "choose a workspace with a shorter path (--workspace DIR)");
  for (const char* suffix : {"", "-wal", "-shm", "-journal"})
    check(!fs::is_directory(path.string() + suffix), ErrorKind::kIntegrity, path.string() + suffix,
          "is a folder, not a file",
          "move it away; `harness db rebuild` reads the records of all run directories");
}

static std::string uri_of(const fs::path& path) {
  std::string uri = "file:";
  for (const char letter : fs::absolute(path).string())
    uri += letter == '%' || letter == '?' || letter == '#' ? fmt::format("%{:02X}", letter)
                                                           : std::string(1, letter);
  return uri + "?immutable=1";
}

static std::unique_ptr<SQLite::Database> open_existing(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  // To read, SQLite makes helper files (-wal, -shm) and removes them at the end. In a read-only
  // folder it cannot; but there no process is writing either, unless a writer's log is there. On a
  // network file system no process writes, see connect_for_writing().
  const bool shared = file_system_of(folder).locality == Locality::kNetwork;
  if (!shared && ::access(folder.c_str(), W_OK) == 0)
    return std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE, kBusyTimeout_ms);
  if (fs::exists(path.string() + "-wal"))
    return std::make_unique<SQLite::Database>(path, SQLite::OPEN_READONLY, kBusyTimeout_ms);
  return std::make_unique<SQLite::Database>(uri_of(path), SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                                            kBusyTimeout_ms);
}

static std::unique_ptr<SQLite::Database> empty_database() {
  auto db =
      std::make_unique<SQLite::Database>(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  make_tables(*db);
  return db;
}

static std::unique_ptr<SQLite::Database> open_as_today(const fs::path& path) {
  if (!fs::exists(path)) return empty_database();
  auto db = open_existing(path);
  db->exec("PRAGMA query_only = ON");
  if (!check_identity(*db, path)) return empty_database();
  if (schema_version(*db) < kSchemaVersion) return made_anew_aside(*db, path);
  return db;
}

std::unique_ptr<SQLite::Database> connect_for_reading(const fs::path& path) {
  return guarded(path, [&] {
    check_files(path);
    auto db = open_as_today(path);
    db->exec("PRAGMA query_only = ON; BEGIN");
    return db;
  });
}

/// Refuses a network file system. The index of SQLite's write-ahead log is shared memory, which two
/// computers do not have: both writing would damage the database.
static void check_local(const fs::path& path) {
  const FileSystemKind kind = file_system_of(path);
  check(kind.locality != Locality::kNetwork, ErrorKind::kEnvironment, path.string(),
        fmt::format("lies on {}, a network file system, where a database cannot be written safely",
                    kind.name),
        "choose a workspace on a local disk (--workspace DIR), and copy the records from here into "
        "it with `harness ingest DIR`");
}

std::unique_ptr<SQLite::Database> connect_for_writing(const fs::path& path) {
  std::error_code error;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), error);
  check(!error, ErrorKind::kEnvironment, path.parent_path().string(),
        "cannot be made: " + error.message(),
        "choose a workspace that may be written to (--workspace DIR)");
  check_files(path);
  check_local(path);
  return guarded(path, [&] {
    auto db = std::make_unique<SQLite::Database>(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE,
                                                 kBusyTimeout_ms);
    prepare_for_writing(*db, path);
    return db;
  });
}

}  // namespace mra
