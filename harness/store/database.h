#pragma once

#include <filesystem>
#include <memory>

#include <SQLiteCpp/SQLiteCpp.h>

namespace mra {

constexpr int kBusyTimeout_ms = 30'000;

/// `error` as an Error that says whether the file, the disk or another process is the trouble.
[[noreturn]] void fail_database(const std::filesystem::path& path, const SQLite::Exception& error);

/// Runs `work`; what SQLite throws becomes an Error that names `path`.
template <typename Work>
decltype(auto) guarded(const std::filesystem::path& path, Work work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    fail_database(path, error);
  }
}

/// A connection that changes nothing in the file. Null when there is no database yet.
std::unique_ptr<SQLite::Database> connect_for_reading(const std::filesystem::path& path);
/// A connection that may write; makes the file, its folder and its tables if absent.
std::unique_ptr<SQLite::Database> connect_for_writing(const std::filesystem::path& path);

}  // namespace mra
