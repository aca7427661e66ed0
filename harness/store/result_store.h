#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/library_versions.h"
#include "harness/record/grade.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_record.h"
#include "harness/spec/inputs.h"
#include "harness/store/rate.h"
#include "harness/store/rebuild.h"

namespace SQLite {
class Database;
}

namespace mra {

class RecordWriter;
class SpecIndex;

/// What became of a record handed to the database.
enum class Ingested {
  kNew,       ///< it is in now, or judgements of it are that were not before
  kSame,      ///< it was in already: nothing changed
  kConflict,  ///< another result of the same run was in already: that one is kept
};

/// The recorded run whose spec is most like another, and where the two differ.
struct NearestRun {
  RunId id;
  std::string experiment;
  double wall_s = 0;
  std::vector<std::string> pointers;  ///< JSON pointers, sorted; empty: the same spec
};

/// Of the libraries that only this layer links: SQLite and SQLiteCpp.
LibraryVersions store_libraries();

/// The results of finished runs, in one SQLite file. It is an index: all of it can be made again
/// from the run directories. Several processes may use it at once. Every failure is an Error.
class ResultStore {
 public:
  /// Where a workspace keeps it.
  static std::filesystem::path path_of(const std::filesystem::path& workspace);

  /// Opens it for writing; makes it, and its folder, if absent.
  explicit ResultStore(std::filesystem::path path);
  /// Opens it for reading: nothing is created or changed. An absent one is empty. All answers are
  /// of one moment, that of the first question.
  static ResultStore open_read_only(std::filesystem::path path);
  ResultStore(ResultStore&&) noexcept;
  ~ResultStore();

  /// From now on a run whose inputs (spec/inputs.h) are here with other contents does not count:
  /// has(), values() and judged…() pass it over.
  void count_only_with(std::shared_ptr<const Inputs> inputs);
  /// Why a recorded run does not count: "measured with other contents of policies/x.json"; empty:
  /// it counts, or is not recorded.
  std::string outdated(const RunId& id) const;

  /// All of the record or nothing.
  Ingested ingest(const RunRecord& record);
  /// All of the records, or nothing; one answer each. Much quicker than one by one.
  std::vector<Ingested> ingest_all(const std::vector<RunRecord>& records);
  /// Forgets a run, if it is there.
  void remove(const RunId& id);
  /// Puts in the record of every run directory of `workspace` in place of what is known of it.
  Rebuilt rebuild(const std::filesystem::path& workspace);

  bool has(const RunId& id) const;
  std::optional<RunRecord> run(const RunId& id) const;       ///< whether it counts or not
  std::vector<RunId> runs() const;                           ///< sorted
  std::vector<RunId> runs_of(const std::string& key) const;  ///< by rising seed
  /// {seed, value} of every recorded run of `key` that has the metric, lowest seed first.
  std::vector<std::pair<int64_t, double>> values(const std::string& key,
                                                 const std::string& metric) const;
  /// The same of a metric that an evaluator found; `judgement`: its judgement_id().
  std::vector<std::pair<int64_t, double>> judged_values(const std::string& key,
                                                        const std::string& judgement,
                                                        const std::string& metric) const;
  bool judged(const RunId& id, const std::string& judgement) const;
  /// Whether replays of the run gave the same bits.
  Grade grade(const RunId& id) const;
  /// How long it took on average, over all runs that were judged so.
  std::optional<double> judging_s(const std::string& judgement) const;
  /// Nothing when no run is recorded. `spec`: ExperimentSpec::resolved.
  std::optional<NearestRun> nearest(const Json& spec) const;

  /// Keeps a measured rate; an older one of the same place, work and source gives way.
  void put_rate(const Rate& rate);
  /// How fast `work` (work_of()) went on `machine` (machine_of()): on a GPU rather than the CPU,
  /// with the most threads, the latest. `source`: recorded runs, or probes.
  std::optional<Rate> rate(const std::string& machine, const std::string& work,
                           RateSource source) const;

  /// What SQLite finds wrong in the file; empty when it is sound.
  std::vector<std::string> problems() const;

 private:
  ResultStore();
  /// Does `work` with a RecordWriter, all of it or nothing.
  template <typename Work>
  auto write(Work work);
  Ingested put(RecordWriter& writer, const RunRecord& record);
  const SpecIndex& index() const;

  /// Those of {seed, value} whose runs count.
  std::vector<std::pair<int64_t, double>> counted(
      const std::string& key, std::vector<std::pair<int64_t, double>> values) const;

  std::filesystem::path path_;
  std::unique_ptr<SQLite::Database> db_;
  std::shared_ptr<const Inputs> inputs_;      ///< null: all runs count
  mutable std::unique_ptr<SpecIndex> index_;  ///< read once for nearest(); null: not read yet
};

}  // namespace mra
