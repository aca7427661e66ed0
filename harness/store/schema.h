#pragma once

#include <filesystem>

namespace SQLite {
class Database;
}

namespace mra {

constexpr int kApplicationId = 0x4d524148;  ///< "MRAH": marks a database as ours
constexpr int kSchemaVersion = 3;

/// Makes the tables of kSchemaVersion.
void make_tables(SQLite::Database& db);
int schema_version(SQLite::Database& db);

/// Refuses a database of another program or of a newer version, and one whose tables are not those
/// of its version. True when it is ready to be read, false when it is new and still empty.
bool check_identity(SQLite::Database& db, const std::filesystem::path& path);

/// Sets what this connection needs to write safely, and makes the tables if they are not there.
/// An older database is made anew: see make_anew().
void prepare_for_writing(SQLite::Database& db, const std::filesystem::path& path);

}  // namespace mra
