#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/run_directory.h"
#include "harness/run/estimate.h"
#include "harness/spec/library.h"
#include "harness/store/cell_state.h"

namespace mra {

/// A run to be trained, or a trained one to be judged.
struct PlannedRun {
  RunId id;
  ExperimentSpec experiment;
  std::vector<RunId> depends_on;       ///< runs whose weights it starts from, recorded or planned
  std::vector<std::string> needed_by;  ///< "table6/Mask Low"
  std::string reason;                  ///< why it has to run, for people
  std::optional<Estimate> estimate;    ///< of its duration; nothing: unknown
  bool redo = false;                   ///< move its present run directory aside first
  std::vector<NamedOptions> judges;    ///< that judge the trained run; empty: train it

  bool trains() const { return judges.empty(); }
  /// Whether it must not run beside others, because it measures speed.
  bool alone() const;
};

/// The training of an experiment's first seed, without what only judges the trained model.
PlannedRun training_of(const ExperimentSpec& experiment);

/// A run that this machine cannot do.
struct UnavailableRun {
  RunId id;
  std::string needed_by;  ///< "table6/Mask Low"
  std::string reason;     ///< for people
  Error error;            ///< what the machine lacks
};

struct Plan {
  std::vector<PlannedRun> runs;  ///< dependencies before what depends on them
  std::vector<UnavailableRun> unavailable;
};

struct PlanOptions {
  std::filesystem::path workspace;
  std::vector<int64_t> seeds;  ///< empty: those of each experiment
  bool fresh = false;          ///< repeat runs that have a record
  std::string machine;         ///< machine_text() of the machine that will execute, for estimates
  /// What this machine lacks for an experiment, its data set for instance; nothing: it can run.
  std::function<std::optional<Error>(const ExperimentSpec&)> unavailable;
};

/// `tables` with only the rows named in `labels`; empty `labels` keep all rows. An unknown name is
/// an Error that suggests the nearest.
std::vector<TableSpec> select_rows(std::vector<TableSpec> tables,
                                   const std::vector<std::string>& labels);

/// The runs that `tables` need and `store` lacks. A run that several rows need is planned once.
Plan plan(const SpecLibrary& library, const std::vector<TableSpec>& tables,
          const ResultStore& store, const PlanOptions& options);

}  // namespace mra
