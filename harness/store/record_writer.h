#pragma once

#include <map>
#include <memory>
#include <string>

#include "harness/record/run_record.h"
#include "harness/store/rate.h"

namespace SQLite {
class Database;
}

namespace mra {

/// Writes records into the tables; prepares each SQL statement once for many records. The caller
/// must have begun a transaction.
class RecordWriter {
 public:
  explicit RecordWriter(SQLite::Database& db);
  ~RecordWriter();

  /// Writes all rows of the record, and its rate. False, and nothing is written, when the run is in
  /// the database already.
  bool insert(const RunRecord& record);
  /// Writes the record, replacing the rows of the same run and of its spec.
  void replace(const RunRecord& record);
  /// Writes the new judgements of a run that is in the database; false when none is new.
  bool insert_judgements(const RunRecord& record);
  /// Writes a rate, unless a newer one of the same place, work and source is there.
  void insert(const Rate& rate);
  void remove(const std::string& key, int64_t seed);
  /// Deletes specs that no run uses any more.
  void remove_unused_specs();

 private:
  struct Statements;
  void insert_spec(const RunRecord& record);
  void write_spec(const RunRecord& record);
  bool insert(int64_t run, const Judgement& judgement);
  void insert_evidence(int64_t run, const RunRecord& record);
  int64_t shape_id(const std::string& text);

  SQLite::Database& db_;
  std::unique_ptr<Statements> statements_;
  std::map<std::string, int64_t> shapes_;
};

}  // namespace mra
