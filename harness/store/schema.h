#pragma once

#include <filesystem>

namespace SQLite {
class Database;
}

namespace mra {

constexpr int kApplicationId = 0x4d524148;  ///< "MRAH": marks a database as ours
constexpr int kSchemaVersion = 4;

/// Makes the tables of kSchemaVersion.
void make_tables(SQLite::Database& db);
int schema_version(SQLite::Database& db);

/// True when the database is ours, false when it is new and still empty. An Error of kind
/// kIntegrity for a database of another program or a newer version, or with changed tables.
bool check_identity(SQLite::Database& db, const std::filesystem::path& path);

/// Sets the options for safe writing on this connection and makes the tables if they are absent. A
/// database of an older format is converted, see make_anew().
void prepare_for_writing(SQLite::Database& db, const std::filesystem::path& path);

}  // namespace mra
