#include "harness/store/record_writer.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fmt/format.h>

#include "harness/store/spec_index.h"

namespace mra {

using SQLite::Statement;

struct RecordWriter::Statements {
  explicit Statements(SQLite::Database& database) : db(database) {}

  SQLite::Database& db;
  Statement has_spec{db, "SELECT 1 FROM specs WHERE key = ?"};
  Statement find_shape{db, "SELECT id FROM shapes WHERE pointers = ?"};
  Statement shape{db, "INSERT INTO shapes (pointers) VALUES (?)"};
  Statement spec{
      db,
      "INSERT INTO specs (key, shape, hashes, spec) VALUES (?, ?, ?, ?) ON CONFLICT (key) "
      "DO UPDATE SET shape = excluded.shape, hashes = excluded.hashes, "
      "spec = excluded.spec"};
  Statement run{db,
                "INSERT INTO runs (key, seed, experiment, started_utc, wall_s, cpu_s, "
                "peak_memory_bytes, attempts, environment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (key, seed) DO NOTHING"};
  Statement metric{db, "INSERT INTO metrics (run, name, value) VALUES (?, ?, ?)"};
  Statement curve{db, "INSERT INTO curves (run, name, points) VALUES (?, ?, ?)"};
  Statement artifact{db,
                     "INSERT INTO artifacts (run, kind, file, sha256) VALUES (?, 'weights', ?, ?)"};
  Statement evidence{db, "INSERT INTO evidence (run, sha256, content) VALUES (?, ?, ?)"};
  Statement find_run{db, "SELECT id FROM runs WHERE key = ? AND seed = ?"};
  Statement judgement{db,
                      "INSERT INTO judgements (run, id, wall_s, content) VALUES (?, ?, ?, ?) "
                      "ON CONFLICT DO NOTHING"};
  Statement rate{db,
                 "INSERT INTO rates (machine, work, source, device, threads, images_per_s, basis, "
                 "measured_utc) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                 "images_per_s = excluded.images_per_s, basis = excluded.basis, "
                 "measured_utc = excluded.measured_utc "
                 "WHERE excluded.measured_utc >= measured_utc"};
  Statement remove{db, "DELETE FROM runs WHERE key = ? AND seed = ?"};
};

/// Binds `values`, executes, and returns the number of rows that changed.
template <typename... Values>
static int execute(Statement& statement, const Values&... values) {
  statement.reset();
  SQLite::bind(statement, values...);
  const int changed = statement.exec();
  statement.reset();
  return changed;
}

RecordWriter::RecordWriter(SQLite::Database& db)
    : db_(db), statements_(std::make_unique<Statements>(db)) {}
RecordWriter::~RecordWriter() = default;

int64_t RecordWriter::shape_id(const std::string& text) {
  if (const auto known = shapes_.find(text); known != shapes_.end()) return known->second;
  Statement& find = statements_->find_shape;
  find.reset();
  find.bind(1, text);
  int64_t id = 0;
  if (find.executeStep()) {
    id = find.getColumn(0).getInt64();
  } else {
    execute(statements_->shape, text);
    id = db_.getLastInsertRowid();
  }
  find.reset();
  return shapes_[text] = id;
}

void RecordWriter::insert_spec(const RunRecord& record) {
  Statement& has = statements_->has_spec;
  has.reset();
  has.bind(1, record.key);
  const bool known = has.executeStep();
  has.reset();
  if (!known) write_spec(record);
}

void RecordWriter::write_spec(const RunRecord& record) {
  const FlatSpec flat = flat_spec(record.spec);
  Statement& spec = statements_->spec;
  spec.reset();
  spec.bind(1, record.key);
  spec.bind(2, shape_id(shape_text(flat.pointers)));
  spec.bind(3, static_cast<const void*>(flat.hashes.data()),
            int(flat.hashes.size() * sizeof(flat.hashes[0])));
  spec.bind(4, record.spec.dump());
  spec.exec();
  spec.reset();
}

/// "[[1,2.5],[2,1.25]]", with the shortest digits that are read back as the same numbers.
static std::string points_text(const Curve& curve) {
  std::string text = "[";
  for (const auto& [epoch, value] : curve)
    fmt::format_to(std::back_inserter(text), "{}[{},{}]", text.size() > 1 ? "," : "", epoch, value);
  return text + "]";
}

bool RecordWriter::insert(const RunRecord& record) {
  insert_spec(record);
  const int added = execute(statements_->run, record.key, record.seed, record.experiment,
                            record.started_utc, record.wall_s, record.cpu_s,
                            record.peak_memory_bytes, record.attempts, record.environment.dump());
  if (added == 0) return false;
  const int64_t run = db_.getLastInsertRowid();
  for (const auto& [name, value] : record.metrics) execute(statements_->metric, run, name, value);
  for (const auto& [name, curve] : record.curves)
    execute(statements_->curve, run, name, points_text(curve));
  execute(statements_->artifact, run, record.weights_file, record.weights_sha256);
  insert_evidence(run, record);
  for (const Judgement& judgement : record.judgements) insert(run, judgement);
  if (const auto rate = rate_of(record)) insert(*rate);
  return true;
}

void RecordWriter::insert_evidence(int64_t run, const RunRecord& record) {
  if (record.evidence_sha256.empty()) return;
  Statement& evidence = statements_->evidence;
  evidence.reset();
  evidence.bind(1, run);
  evidence.bind(2, record.evidence_sha256);
  evidence.bind(3, static_cast<const void*>(record.evidence.data()), int(record.evidence.size()));
  evidence.exec();
  evidence.reset();
}

void RecordWriter::replace(const RunRecord& record) {
  remove(record.key, record.seed);
  write_spec(record);
  insert(record);
}

bool RecordWriter::insert(int64_t run, const Judgement& judgement) {
  return execute(statements_->judgement, run, judgement_id(judgement.evaluator, judgement.options),
                 judgement.wall_s, to_json(judgement).dump()) > 0;
}

bool RecordWriter::insert_judgements(const RunRecord& record) {
  Statement& find = statements_->find_run;
  find.reset();
  find.bind(1, record.key);
  find.bind(2, record.seed);
  if (!find.executeStep()) return false;
  const int64_t run = find.getColumn(0).getInt64();
  find.reset();
  bool any = false;
  for (const Judgement& judgement : record.judgements) any = insert(run, judgement) || any;
  return any;
}

void RecordWriter::insert(const Rate& rate) {
  execute(statements_->rate, rate.machine, rate.work, std::string(name(rate.source)), rate.device,
          rate.threads, rate.images_per_s, rate.basis, rate.measured_utc);
}

void RecordWriter::remove(const std::string& key, int64_t seed) {
  execute(statements_->remove, key, seed);
}

void RecordWriter::remove_unused_specs() {
  db_.exec("DELETE FROM specs WHERE key NOT IN (SELECT key FROM runs)");
}

}  // namespace mra
