#pragma once

#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace mra {

/// Internal errors of a database, one line each: damaged pages, rows that refer to a missing row,
/// specs that do not match their key and hashes.
std::vector<std::string> problems_of(SQLite::Database& db);

}  // namespace mra
