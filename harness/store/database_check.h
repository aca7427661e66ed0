#pragma once

#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace mra {

/// What is wrong with a database in itself, one line each: its pages, rows that belong to nothing,
/// specs that are not what their key and hashes say.
std::vector<std::string> problems_of(SQLite::Database& db);

}  // namespace mra
