#include "harness/store/result_store.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/store/database.h"
#include "harness/store/database_check.h"
#include "harness/store/record_writer.h"
#include "harness/store/spec_difference.h"
#include "harness/store/spec_index.h"

namespace mra {

namespace fs = std::filesystem;

using SQLite::Statement;

std::map<std::string, std::string> store_libraries() {
  return {{"sqlite", SQLite::getLibVersion()}, {"sqlitecpp", SQLITECPP_VERSION}};
}

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

template <typename Work>
auto ResultStore::write(Work work) {
  return guarded(path_, [&] {
    SQLite::Transaction transaction(*db_, SQLite::TransactionBehavior::IMMEDIATE);
    index_.reset();
    RecordWriter writer(*db_);
    auto result = work(writer);
    transaction.commit();
    return result;
  });
}

/// The record without its judgements.
static Json trained_json(RunRecord record) {
  record.judgements.clear();
  return to_json(record);
}

Ingested ResultStore::put(RecordWriter& writer, const RunRecord& record) {
  check_numbers(record);
  if (writer.insert(record)) return Ingested::kNew;
  const RunId id{record.key, record.seed};
  if (trained_json(*run(id)) != trained_json(record)) {
    if (outdated(id).empty()) return Ingested::kConflict;
    writer.replace(record);
    return Ingested::kNew;
  }
  return writer.insert_judgements(record) ? Ingested::kNew : Ingested::kSame;
}

Ingested ResultStore::ingest(const RunRecord& record) {
  return write([&](RecordWriter& writer) { return put(writer, record); });
}

std::vector<Ingested> ResultStore::ingest_all(const std::vector<RunRecord>& records) {
  return write([&](RecordWriter& writer) {
    std::vector<Ingested> results;
    for (const RunRecord& record : records) results.push_back(put(writer, record));
    return results;
  });
}

void ResultStore::remove(const RunId& id) {
  write([&](RecordWriter& writer) {
    writer.remove(id.key, id.seed);
    writer.remove_unused_specs();
    return true;
  });
}

void ResultStore::put_rate(const Rate& rate) {
  write([&](RecordWriter& writer) {
    writer.insert(rate);
    return true;
  });
}

Rebuilt ResultStore::rebuild(const fs::path& workspace) {
  return write([&](RecordWriter&) { return take_in_runs(*db_, workspace); });
}

bool ResultStore::has(const RunId& id) const {
  return guarded(path_, [&] {
    Statement query =
        query_of(*db_, "SELECT 1 FROM runs WHERE key = ? AND seed = ?", id.key, id.seed);
    return query.executeStep() && outdated(id).empty();
  });
}

void ResultStore::count_only_with(std::shared_ptr<const Inputs> inputs) {
  inputs_ = std::move(inputs);
}

std::string ResultStore::outdated(const RunId& id) const {
  if (!inputs_) return "";
  return guarded(path_, [&] {
    Statement query = query_of(*db_,
                               "SELECT json_extract(environment, '$.inputs') FROM runs "
                               "WHERE key = ? AND seed = ?",
                               id.key, id.seed);
    const auto used = next_value(query);
    return used ? inputs_->difference(Json::parse(used->getString())) : "";
  });
}

std::vector<std::pair<int64_t, double>> ResultStore::counted(
    const std::string& key, std::vector<std::pair<int64_t, double>> values) const {
  std::erase_if(values, [&](const auto& value) { return !outdated({key, value.first}).empty(); });
  return values;
}

std::vector<RunId> ResultStore::runs() const {
  std::vector<RunId> ids;
  return guarded(path_, [&] {
    Statement query(*db_, "SELECT key, seed FROM runs ORDER BY key, seed");
    while (query.executeStep())
      ids.push_back({query.getColumn(0).getString(), query.getColumn(1).getInt64()});
    return ids;
  });
}

std::vector<RunId> ResultStore::runs_of(const std::string& key) const {
  std::vector<RunId> ids;
  return guarded(path_, [&] {
    Statement query = query_of(*db_, "SELECT seed FROM runs WHERE key = ? ORDER BY seed", key);
    while (query.executeStep()) ids.push_back({key, query.getColumn(0).getInt64()});
    return ids;
  });
}

/// Calls `use` with every row of the query `sql`, whose parameter is the row id `run`.
template <typename Use>
static void for_rows(SQLite::Database& db, const char* sql, int64_t run, Use use) {
  Statement query = query_of(db, sql, run);
  while (query.executeStep()) use(query);
}

/// The record of a run without metrics, curves and files. Sets `number` to its row id.
static std::optional<RunRecord> read_run(SQLite::Database& db, const RunId& id, int64_t& number) {
  Statement row = query_of(db,
                           "SELECT id, experiment, spec, environment, started_utc, wall_s, cpu_s, "
                           "peak_memory_bytes, attempts FROM runs JOIN specs USING (key) "
                           "WHERE key = ? AND seed = ?",
                           id.key, id.seed);
  if (!row.executeStep()) return std::nullopt;
  RunRecord record;
  number = row.getColumn(0).getInt64();
  record.key = id.key;
  record.seed = id.seed;
  record.experiment = row.getColumn(1).getString();
  record.spec = Json::parse(row.getColumn(2).getString());
  record.environment = Json::parse(row.getColumn(3).getString());
  record.started_utc = row.getColumn(4).getString();
  record.wall_s = row.getColumn(5).getDouble();
  record.cpu_s = row.getColumn(6).getDouble();
  record.peak_memory_bytes = row.getColumn(7).getInt64();
  record.attempts = row.getColumn(8).getInt64();
  return record;
}

static Curve read_curve(const std::string& points) {
  Curve curve;
  for (const Json& point : Json::parse(points))
    curve.emplace_back(point[0].get<double>(), point[1].get<double>());
  return curve;
}

std::optional<RunRecord> ResultStore::run(const RunId& id) const {
  return guarded(path_, [&] {
    int64_t number = 0;
    auto record = read_run(*db_, id, number);
    if (!record) return record;
    for_rows(*db_, "SELECT name, value FROM metrics WHERE run = ?", number, [&](Statement& row) {
      record->metrics[row.getColumn(0).getString()] = row.getColumn(1).getDouble();
    });
    for_rows(*db_, "SELECT name, points FROM curves WHERE run = ?", number, [&](Statement& row) {
      record->curves[row.getColumn(0).getString()] = read_curve(row.getColumn(1).getString());
    });
    for_rows(*db_, "SELECT file, sha256 FROM artifacts WHERE run = ? AND kind = 'weights'", number,
             [&](Statement& row) {
               record->weights_file = row.getColumn(0).getString();
               record->weights_sha256 = row.getColumn(1).getString();
             });
    for_rows(*db_, "SELECT sha256, content FROM evidence WHERE run = ?", number,
             [&](Statement& row) {
               record->evidence_sha256 = row.getColumn(0).getString();
               record->evidence = row.getColumn(1).getString();
             });
    for_rows(*db_, "SELECT content FROM judgements WHERE run = ? ORDER BY id", number,
             [&](Statement& row) {
               record->judgements.push_back(
                   judgement_from_json(Json::parse(row.getColumn(0).getString()), path_.string()));
             });
    return record;
  });
}

Json ResultStore::environment(const RunId& id) const {
  return guarded(path_, [&] {
    Statement query =
        query_of(*db_, "SELECT environment FROM runs WHERE key = ? AND seed = ?", id.key, id.seed);
    return query.executeStep() ? Json::parse(query.getColumn(0).getString()) : Json::object();
  });
}

const SpecIndex& ResultStore::index() const {
  if (index_) return *index_;
  index_ = std::make_unique<SpecIndex>();
  Statement shapes(*db_, "SELECT id, pointers FROM shapes");
  while (shapes.executeStep())
    index_->add_shape(shapes.getColumn(0).getInt64(), shapes.getColumn(1).getString());
  Statement specs(*db_, "SELECT key, shape, hashes FROM specs");
  while (specs.executeStep()) {
    const SQLite::Column hashes = specs.getColumn(2);
    index_->add(specs.getColumn(0).getString(), specs.getColumn(1).getInt64(),
                {static_cast<const char*>(hashes.getBlob()), size_t(hashes.getBytes())});
  }
  return *index_;
}

std::optional<NearestRun> ResultStore::nearest(const Json& spec) const {
  return guarded(path_, [&]() -> std::optional<NearestRun> {
    const std::string key = index().nearest(flat_spec(spec));
    Statement row =
        query_of(*db_,
                 "SELECT seed, experiment, wall_s, spec FROM runs JOIN specs USING (key) "
                 "WHERE key = ? ORDER BY seed LIMIT 1",
                 key);
    if (!row.executeStep()) return std::nullopt;
    const Json other = Json::parse(row.getColumn(3).getString());
    return NearestRun{{key, row.getColumn(0).getInt64()},
                      row.getColumn(1).getString(),
                      row.getColumn(2).getDouble(),
                      differing_pointers(spec.flatten(), other.flatten())};
  });
}

std::vector<std::string> ResultStore::problems() const {
  return guarded(path_, [&] { return problems_of(*db_); });
}

}  // namespace mra
