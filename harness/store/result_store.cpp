#include "harness/store/result_store.h"

#include <set>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/store/database.h"
#include "harness/store/spec_difference.h"

namespace mra {

namespace fs = std::filesystem;

using SQLite::Statement;

struct ResultStore::KnownSpec {
  RunId id;
  std::string experiment;
  double wall_s = 0;
  Json flat;
};

fs::path ResultStore::path_of(const fs::path& workspace) {
  return workspace / "harness.db";
}

ResultStore::ResultStore() = default;
ResultStore::ResultStore(fs::path path) : path_(std::move(path)), db_(connect_for_writing(path_)) {}
ResultStore::ResultStore(ResultStore&&) noexcept = default;
ResultStore::~ResultStore() = default;

ResultStore ResultStore::open_read_only(fs::path path) {
  ResultStore store;
  store.path_ = std::move(path);
  store.db_ = connect_for_reading(store.path_);
  return store;
}

template <typename... Values>
static void execute(SQLite::Database& db, const char* sql, const Values&... values) {
  Statement statement(db, sql);
  int index = 0;
  (statement.bind(++index, values), ...);
  statement.exec();
}

void ResultStore::insert(const RunRecord& record) {
  execute(*db_, "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", record.key, record.seed,
          record.experiment, record.spec.dump(), record.environment.dump(), record.started_utc,
          record.wall_s, record.cpu_s, record.peak_memory_bytes, record.attempts);
  for (const auto& [name, value] : record.metrics)
    execute(*db_, "INSERT INTO metrics VALUES (?, ?, ?, ?)", record.key, record.seed, name, value);
  for (const auto& [name, curve] : record.curves)
    for (size_t i = 0; i < curve.size(); ++i)
      execute(*db_, "INSERT INTO curves VALUES (?, ?, ?, ?, ?, ?)", record.key, record.seed, name,
              int64_t(i), curve[i].first, curve[i].second);
  execute(*db_, "INSERT INTO artifacts VALUES (?, ?, 'weights', ?, ?)", record.key, record.seed,
          record.weights_file, record.weights_sha256);
  specs_.clear();
}

Ingested ResultStore::put(const RunRecord& record) {
  const Json json = to_json(record);  // refuses what is no number
  if (const auto known = run({record.key, record.seed}))
    return to_json(*known) == json ? Ingested::kSame : Ingested::kConflict;
  insert(record);
  return Ingested::kNew;
}

Ingested ResultStore::ingest(const RunRecord& record) {
  return guarded(path_, [&] {
    SQLite::Transaction transaction(*db_, SQLite::TransactionBehavior::IMMEDIATE);
    const Ingested result = put(record);
    transaction.commit();
    return result;
  });
}

void ResultStore::remove(const RunId& id) {
  guarded(path_,
          [&] { execute(*db_, "DELETE FROM runs WHERE key = ? AND seed = ?", id.key, id.seed); });
  specs_.clear();
}

Rebuilt ResultStore::rebuild(const fs::path& workspace) {
  return guarded(path_, [&] {
    Rebuilt rebuilt;
    SQLite::Transaction transaction(*db_, SQLite::TransactionBehavior::IMMEDIATE);
    const auto before = runs();
    std::set<RunId> kept(before.begin(), before.end());
    for (const RunDirectory& directory : run_directories(workspace)) {
      try {
        const auto record = directory.record();
        if (!record) continue;
        const RunId id{record->key, record->seed};
        check(RunDirectory::path_of(workspace, id) == directory.path(), ErrorKind::kIntegrity,
              directory.record_file().string(), "is the record of run " + text(id),
              "move it to the folder of that run");
        execute(*db_, "DELETE FROM runs WHERE key = ? AND seed = ?", id.key, id.seed);
        insert(*record);
        kept.erase(id);
        ++rebuilt.ingested;
      } catch (const Error& error) {
        rebuilt.damaged.push_back(error.what());
      }
    }
    rebuilt.kept = int64_t(kept.size());
    transaction.commit();
    return rebuilt;
  });
}

bool ResultStore::has(const RunId& id) const {
  if (!db_) return false;
  return guarded(path_, [&] {
    Statement query(*db_, "SELECT 1 FROM runs WHERE key = ? AND seed = ?");
    query.bind(1, id.key);
    query.bind(2, id.seed);
    return query.executeStep();
  });
}

std::vector<RunId> ResultStore::runs() const {
  std::vector<RunId> ids;
  if (!db_) return ids;
  return guarded(path_, [&] {
    Statement query(*db_, "SELECT key, seed FROM runs ORDER BY key, seed");
    while (query.executeStep())
      ids.push_back({query.getColumn(0).getString(), query.getColumn(1).getInt64()});
    return ids;
  });
}

/// Calls `use` with every row of a query about one run.
template <typename Use>
static void for_rows(SQLite::Database& db, const char* sql, const RunId& id, Use use) {
  Statement query(db, sql);
  query.bind(1, id.key);
  query.bind(2, id.seed);
  while (query.executeStep()) use(query);
}

static std::optional<RunRecord> read_run(SQLite::Database& db, const RunId& id) {
  std::optional<RunRecord> record;
  for_rows(db,
           "SELECT experiment, spec, environment, started_utc, wall_s, cpu_s, peak_memory_bytes, "
           "attempts FROM runs WHERE key = ? AND seed = ?",
           id, [&](Statement& row) {
             record.emplace();
             record->key = id.key;
             record->seed = id.seed;
             record->experiment = row.getColumn(0).getString();
             record->spec = Json::parse(row.getColumn(1).getString());
             record->environment = Json::parse(row.getColumn(2).getString());
             record->started_utc = row.getColumn(3).getString();
             record->wall_s = row.getColumn(4).getDouble();
             record->cpu_s = row.getColumn(5).getDouble();
             record->peak_memory_bytes = row.getColumn(6).getInt64();
             record->attempts = row.getColumn(7).getInt64();
           });
  return record;
}

std::optional<RunRecord> ResultStore::run(const RunId& id) const {
  if (!db_) return std::nullopt;
  return guarded(path_, [&] {
    auto record = read_run(*db_, id);
    if (!record) return record;
    for_rows(*db_, "SELECT name, value FROM metrics WHERE key = ? AND seed = ?", id,
             [&](Statement& row) {
               record->metrics[row.getColumn(0).getString()] = row.getColumn(1).getDouble();
             });
    for_rows(
        *db_,
        "SELECT name, epoch, value FROM curves WHERE key = ? AND seed = ? ORDER BY name, point", id,
        [&](Statement& row) {
          record->curves[row.getColumn(0).getString()].emplace_back(row.getColumn(1).getDouble(),
                                                                    row.getColumn(2).getDouble());
        });
    for_rows(*db_,
             "SELECT file, sha256 FROM artifacts WHERE key = ? AND seed = ? AND kind = 'weights'",
             id, [&](Statement& row) {
               record->weights_file = row.getColumn(0).getString();
               record->weights_sha256 = row.getColumn(1).getString();
             });
    return record;
  });
}

std::vector<std::pair<int64_t, double>> ResultStore::values(const std::string& key,
                                                            const std::string& metric) const {
  std::vector<std::pair<int64_t, double>> values;
  if (!db_) return values;
  return guarded(path_, [&] {
    Statement query(*db_,
                    "SELECT seed, value FROM metrics WHERE key = ? AND name = ? ORDER BY seed");
    query.bind(1, key);
    query.bind(2, metric);
    while (query.executeStep())
      values.emplace_back(query.getColumn(0).getInt64(), query.getColumn(1).getDouble());
    return values;
  });
}

const std::vector<ResultStore::KnownSpec>& ResultStore::known_specs() const {
  if (!db_ || !specs_.empty()) return specs_;
  return guarded(path_, [&]() -> const std::vector<KnownSpec>& {
    Statement query(*db_,
                    "SELECT key, min(seed), experiment, wall_s, spec FROM runs GROUP BY key "
                    "ORDER BY key");
    while (query.executeStep())
      specs_.push_back({{query.getColumn(0).getString(), query.getColumn(1).getInt64()},
                        query.getColumn(2).getString(),
                        query.getColumn(3).getDouble(),
                        Json::parse(query.getColumn(4).getString()).flatten()});
    return specs_;
  });
}

std::optional<NearestRun> ResultStore::nearest(const Json& spec) const {
  std::optional<NearestRun> best;
  const Json flat = spec.flatten();
  for (const KnownSpec& known : known_specs()) {
    auto pointers = differing_pointers(flat, known.flat);
    if (!best || pointers.size() < best->pointers.size())
      best = NearestRun{known.id, known.experiment, known.wall_s, std::move(pointers)};
  }
  return best;
}

std::vector<std::string> ResultStore::problems() const {
  std::vector<std::string> problems;
  if (!db_) return problems;
  return guarded(path_, [&] {
    Statement whole(*db_, "PRAGMA integrity_check");
    while (whole.executeStep())
      if (whole.getColumn(0).getString() != "ok")
        problems.push_back(whole.getColumn(0).getString());
    Statement links(*db_, "PRAGMA foreign_key_check");
    while (links.executeStep())
      problems.push_back(
          fmt::format("a row of {} belongs to no run", links.getColumn(0).getString()));
    return problems;
  });
}

}  // namespace mra
