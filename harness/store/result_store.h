#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

struct CurvePlace;
class RecordWriter;
class SpecIndex;

/// What happened to a record given to the database.
enum class Ingested {
  kNew,       ///< the record, or a judgement in it, was added
  kSame,      ///< it was there already; nothing changed
  kConflict,  ///< another result of the same run was there already and is kept
};

/// The recorded run whose spec is most similar to a given one, and where the two differ.
struct NearestRun {
  RunId id;
  std::string experiment;
  double wall_s = 0;
  std::vector<std::string> pointers;  ///< JSON pointers, sorted; empty: the same spec
};

/// Versions of the libraries that only this layer links: SQLite and SQLiteCpp.
std::map<std::string, std::string> store_libraries();

/// The results of finished runs, in one SQLite file: an index that can be rebuilt from the run
/// directories. Several processes may use it at once. Every failure is an Error.
class ResultStore {
 public:
  /// The database file of a workspace.
  static std::filesystem::path path_of(const std::filesystem::path& workspace);

  /// Opens it for writing; makes it, and its folder, if absent.
  explicit ResultStore(std::filesystem::path path);
  /// Opens it for reading: nothing is created or changed. An absent file counts as an empty
  /// database. All queries see the database as it was at the first of them.
  static ResultStore open_read_only(std::filesystem::path path);
  ResultStore(ResultStore&&) noexcept;
  ~ResultStore();

  /// From now on has(), values() and judged…() ignore runs that used input files (spec/inputs.h)
  /// with other contents than `inputs`. Such runs are called outdated.
  void count_only_with(std::shared_ptr<const Inputs> inputs);
  /// Why a recorded run is outdated: "measured with other contents of policies/x.json"; empty when
  /// it is not, or is not recorded.
  std::string outdated(const RunId& id) const;

  /// Adds a record: all of it or, with an Error, nothing.
  Ingested ingest(const RunRecord& record);
  /// Adds all records or none; returns one answer for each. Much faster than one ingest() each.
  std::vector<Ingested> ingest_all(const std::vector<RunRecord>& records);
  /// Deletes a run, if it is there.
  void remove(const RunId& id);
  /// Writes the record of every run directory of `workspace`, replacing older rows of the same run.
  Rebuilt rebuild(const std::filesystem::path& workspace);

  bool has(const RunId& id) const;
  std::optional<RunRecord> run(const RunId& id) const;  ///< also outdated ones
  Json environment(const RunId& id) const;  ///< of run(), read alone; {} when it is not recorded
  /// The content of a run's evidence.bits (evidence.h); empty when the run has none.
  std::string evidence(const RunId& id) const;
  std::vector<RunId> runs() const;                           ///< sorted
  std::vector<RunId> runs_of(const std::string& key) const;  ///< by rising seed
  /// {seed, value} of every recorded run of `key` that has the metric, lowest seed first. It may be
  /// a place on a curve (curve_place()): there the value of the last point up to it counts.
  std::vector<std::pair<int64_t, double>> values(const std::string& key,
                                                 const std::string& metric) const;
  /// values() of a metric measured by an evaluator; `judgement`: its judgement_id().
  std::vector<std::pair<int64_t, double>> judged_values(const std::string& key,
                                                        const std::string& judgement,
                                                        const std::string& metric) const;
  bool judged(const RunId& id, const std::string& judgement) const;
  /// Whether replays of the run gave the same bits.
  Grade grade(const RunId& id) const;
  /// Mean duration of this judgement in seconds, over all runs that have it.
  std::optional<double> judging_s(const std::string& judgement) const;
  /// The most similar recorded run; nothing when none is recorded. `spec`:
  /// ExperimentSpec::resolved.
  std::optional<NearestRun> nearest(const Json& spec) const;

  /// Stores a measured rate, replacing an older one of the same place, work and source.
  void put_rate(const Rate& rate);
  /// The measured rate of `work` (work_of()) on `machine` (machine_of()). Of several: on a GPU
  /// before the CPU, then with the most threads, then the latest.
  std::optional<Rate> rate(const std::string& machine, const std::string& work,
                           RateSource source) const;

  /// Internal errors of the file (problems_of()), one line each; empty when there are none.
  std::vector<std::string> problems() const;

 private:
  ResultStore();
  /// Calls `work` with a RecordWriter in one transaction and returns its result.
  template <typename Work>
  auto write(Work work);
  Ingested put(RecordWriter& writer, const RunRecord& record);
  const SpecIndex& index() const;

  std::vector<std::pair<int64_t, double>> curve_values(const std::string& key,
                                                       const CurvePlace& place) const;
  /// `values` {seed, value} without those of outdated runs.
  std::vector<std::pair<int64_t, double>> counted(
      const std::string& key, std::vector<std::pair<int64_t, double>> values) const;

  std::filesystem::path path_;
  std::unique_ptr<SQLite::Database> db_;
  std::shared_ptr<const Inputs> inputs_;      ///< null: no run is outdated
  mutable std::unique_ptr<SpecIndex> index_;  ///< read once for nearest(); null: not read yet
};

}  // namespace mra
