#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include "harness/spec/json.h"

namespace mra {

constexpr int kBusyTimeout_ms = 30'000;

/// Throws `error` as an Error that says whether the file, the disk or another process is the cause.
[[noreturn]] void fail_database(const std::filesystem::path& path, const SQLite::Exception& error);
/// Throws the Error for a database whose contents are damaged.
[[noreturn]] void fail_damaged(const std::filesystem::path& path, const std::string& what);

/// Runs `work` and returns its result; exceptions of SQLite or JSON become an Error that names
/// `path`.
template <typename Work>
decltype(auto) guarded(const std::filesystem::path& path, Work work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    fail_database(path, error);
  } catch (const Json::exception& error) {
    fail_damaged(path, error.what());
  }
}

/// The query `sql` with the values of its parameters, in order.
template <typename... Values>
SQLite::Statement query_of(SQLite::Database& db, const char* sql, const Values&... values) {
  SQLite::Statement query(db, sql);
  SQLite::bind(query, values...);
  return query;
}

/// The first value of the next row; nothing when there is no row, or no value in it.
inline std::optional<SQLite::Column> next_value(SQLite::Statement& query) {
  if (!query.executeStep() || query.isColumnNull(0)) return std::nullopt;
  return query.getColumn(0);
}

/// A connection that cannot change the file. Without a database at `path`, it is connected to an
/// empty one in memory.
std::unique_ptr<SQLite::Database> connect_for_reading(const std::filesystem::path& path);
/// A connection that can write; makes the file, its folder and its tables if they are absent.
std::unique_ptr<SQLite::Database> connect_for_writing(const std::filesystem::path& path);

}  // namespace mra
