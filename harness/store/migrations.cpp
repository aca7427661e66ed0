#include "harness/store/migrations.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/store/database.h"
#include "harness/store/record_writer.h"
#include "harness/store/schema.h"

namespace mra {

namespace fs = std::filesystem;

using SQLite::Statement;

/// Calls `use` with every row of a query about one run of version 1.
template <typename Use>
static void for_rows(Statement& query, const RunRecord& record, Use use) {
  query.reset();
  query.bind(1, record.key);
  query.bind(2, record.seed);
  while (query.executeStep()) use(query);
}

static RunRecord run_of_version_1(Statement& row) {
  RunRecord record;
  record.key = row.getColumn(0).getString();
  record.seed = row.getColumn(1).getInt64();
  record.experiment = row.getColumn(2).getString();
  record.spec = Json::parse(row.getColumn(3).getString());
  record.environment = Json::parse(row.getColumn(4).getString());
  record.started_utc = row.getColumn(5).getString();
  record.wall_s = row.getColumn(6).getDouble();
  record.cpu_s = row.getColumn(7).getDouble();
  record.peak_memory_bytes = row.getColumn(8).getInt64();
  record.attempts = row.getColumn(9).getInt64();
  return record;
}

/// Each spec and each curve becomes one row, runs get numbers, and rates are taken from the runs.
static void from_1_to_2(SQLite::Database& db) {
  for (const char* table : {"runs", "metrics", "curves", "artifacts"})
    db.exec(fmt::format("ALTER TABLE {0} RENAME TO old_{0}", table));
  make_tables(db);
  {
    RecordWriter writer(db);
    Statement runs(db,
                   "SELECT key, seed, experiment, spec, environment, started_utc, wall_s, cpu_s, "
                   "peak_memory_bytes, attempts FROM old_runs ORDER BY started_utc, key, seed");
    Statement metrics(db, "SELECT name, value FROM old_metrics WHERE key = ? AND seed = ?");
    Statement curves(db,
                     "SELECT name, epoch, value FROM old_curves WHERE key = ? AND seed = ? "
                     "ORDER BY name, point");
    Statement weights(db,
                      "SELECT file, sha256 FROM old_artifacts WHERE key = ? AND seed = ? AND "
                      "kind = 'weights'");
    while (runs.executeStep()) {
      RunRecord record = run_of_version_1(runs);
      for_rows(metrics, record, [&](Statement& row) {
        record.metrics[row.getColumn(0).getString()] = row.getColumn(1).getDouble();
      });
      for_rows(curves, record, [&](Statement& row) {
        record.curves[row.getColumn(0).getString()].emplace_back(row.getColumn(1).getDouble(),
                                                                 row.getColumn(2).getDouble());
      });
      for_rows(weights, record, [&](Statement& row) {
        record.weights_file = row.getColumn(0).getString();
        record.weights_sha256 = row.getColumn(1).getString();
      });
      writer.insert(record);
    }
  }
  for (const char* table : {"metrics", "curves", "artifacts", "runs"})
    db.exec(fmt::format("DROP TABLE old_{}", table));
}

void migrate(SQLite::Database& db, const std::function<void(int)>& before_first_step) {
  static constexpr void (*kSteps[])(SQLite::Database&) = {from_1_to_2, make_judgement_tables};
  static_assert(std::size(kSteps) == kSchemaVersion - 1, "one step from each version to the next");
  db.exec("PRAGMA foreign_keys = OFF");  // tables come and go
  for (bool first = true; schema_version(db) < kSchemaVersion; first = false) {
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = schema_version(db);  // another process may have been quicker
    if (version >= kSchemaVersion) return;
    if (first) before_first_step(version);
    kSteps[version - 1](db);
    db.exec(fmt::format("PRAGMA user_version = {}", version + 1));
    transaction.commit();
  }
}

/// Whether a file holds the same bytes as another.
static bool same_bytes(const fs::path& left, const fs::path& right) {
  return fs::file_size(left) == fs::file_size(right) && sha256_file(left) == sha256_file(right);
}

fs::path back_up(const fs::path& path, int version) {
  const fs::path temporary = temporary_beside(path.string() + ".bak");
  fs::remove(temporary);
  {
    SQLite::Database source(path, SQLite::OPEN_READONLY, kBusyTimeout_ms);
    Statement copy(source, "VACUUM INTO ?");
    copy.bind(1, temporary.string());
    copy.exec();
  }
  for (int number = 1;; ++number) {
    const std::string suffix = number == 1 ? "" : fmt::format(".{}", number);
    const fs::path name = fmt::format("{}.v{}.bak{}", path.string(), version, suffix);
    if (!fs::exists(name)) {
      publish_file(temporary, name);
      return name;
    }
    if (same_bytes(temporary, name)) {  // of an earlier attempt that was cut off
      fs::remove(temporary);
      return name;
    }
  }
}

}  // namespace mra
