#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/run_directory.h"
#include "harness/run/estimate.h"
#include "harness/spec/library.h"
#include "harness/store/result_store.h"

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

/// A run that this program or this machine cannot do.
struct UnavailableRun {
  RunId id;
  std::string needed_by;  ///< "table6/Mask Low"
  std::string reason;
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
  /// Why an experiment cannot run on this machine (data set absent, method not built); "": it can.
  std::function<std::string(const ExperimentSpec&)> unavailable;
};

/// The beginning of the reason when the program lacks a method.
constexpr const char* kNotBuilt = "method not built";

/// "method not built: cutmix" when the program cannot do what a spec names; else "".
std::string not_built(const ExperimentSpec& experiment);

/// `tables` with only the rows named in `labels`; empty `labels` keep all rows. An unknown name is
/// an Error that suggests the nearest.
std::vector<TableSpec> select_rows(std::vector<TableSpec> tables,
                                   const std::vector<std::string>& labels);

/// The runs that `tables` need and `store` lacks. A run that several rows need is planned once.
Plan plan(const SpecLibrary& library, const std::vector<TableSpec>& tables,
          const ResultStore& store, const PlanOptions& options);

}  // namespace mra
