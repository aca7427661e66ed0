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

/// Writes records into the tables, many in a row without preparing a statement twice. What it
/// does belongs to a transaction of the caller.
class RecordWriter {
 public:
  explicit RecordWriter(SQLite::Database& db);
  ~RecordWriter();

  /// All rows of the record, and the rate it shows. False when the run is there already: then
  /// nothing is written.
  bool insert(const RunRecord& record);
  /// The same in place of what is there of the run and of its spec.
  void replace(const RunRecord& record);
  /// The judgements of a run that is there, as far as they are new. False when none is.
  bool insert_judgements(const RunRecord& record);
  /// Keeps the newer of two rates of the same source.
  void insert(const Rate& rate);
  void remove(const std::string& key, int64_t seed);
  /// Forgets specs that no run has any more.
  void remove_unused_specs();

 private:
  struct Statements;
  void insert_spec(const RunRecord& record);
  void write_spec(const RunRecord& record);
  bool insert(int64_t run, const Judgement& judgement);
  int64_t shape_id(const std::string& text);

  SQLite::Database& db_;
  std::unique_ptr<Statements> statements_;
  std::map<std::string, int64_t> shapes_;
};

}  // namespace mra
