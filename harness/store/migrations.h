#pragma once

#include <filesystem>
#include <functional>

namespace SQLite {
class Database;
}

namespace mra {

/// Brings an older database to kSchemaVersion, step by step, each step one transaction: cut off at
/// any moment it is whole, of one version or the other, and the next opening goes on.
/// `before_first_step` is given the old version, once nobody else can change the file, and only
/// if there is something to do. Foreign keys are off afterwards.
void migrate(SQLite::Database& db, const std::function<void(int version)>& before_first_step);

/// Copies the database, still of `version`, to a file beside it: harness.db.v1.bak, or .bak.2, …
/// when that name is taken by something else. Gives the copy's path.
std::filesystem::path back_up(const std::filesystem::path& path, int version);

}  // namespace mra
