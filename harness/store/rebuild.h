#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace mra {

/// The result of reading all run directories into a database.
struct Rebuilt {
  int64_t ingested = 0;
  int64_t kept = 0;                  ///< runs whose directory is gone: their rows stay as they were
  std::vector<std::string> damaged;  ///< one message for each record that could not be read
};

/// Writes the record of every run directory of `workspace` into the database, replacing older rows
/// of the same run. The caller must have begun a transaction.
Rebuilt take_in_runs(SQLite::Database& db, const std::filesystem::path& workspace);

/// Converts a database of an older format by reading the run directories beside it again, in one
/// transaction: after an interruption the old one is whole, and the next opening starts over. Keeps
/// a copy of the old file, harness.db.v1.bak, or .bak.2, …, and prints that to stderr. Foreign keys
/// are off afterwards.
void make_anew(SQLite::Database& db, const std::filesystem::path& path);

/// A temporary database with the records of the run directories beside `path`. The file of `old`,
/// a database of an older format, stays as it is.
std::unique_ptr<SQLite::Database> made_anew_aside(SQLite::Database& old,
                                                  const std::filesystem::path& path);

}  // namespace mra
