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

/// What taking in run directories found.
struct Rebuilt {
  int64_t ingested = 0;
  int64_t kept = 0;                  ///< rows whose run directory is gone: they stay as they were
  std::vector<std::string> damaged;  ///< one message for each record that could not be read
};

/// Puts in the record of every run directory of `workspace` in place of what is known of it. It
/// belongs to a transaction of the caller.
Rebuilt take_in_runs(SQLite::Database& db, const std::filesystem::path& workspace);

/// Makes a database of an older format anew from the run directories beside it, in one
/// transaction: cut off at any moment the old one is whole, and the next opening begins again.
/// A copy of the old file is kept: harness.db.v1.bak, or .bak.2, … Tells stderr. Foreign keys are
/// off afterwards.
void make_anew(SQLite::Database& db, const std::filesystem::path& path);

/// A private database of what lies beside an older one, whose file stays as it is.
std::unique_ptr<SQLite::Database> made_anew_aside(SQLite::Database& old,
                                                  const std::filesystem::path& path);

}  // namespace mra
