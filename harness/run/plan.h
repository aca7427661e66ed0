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

/// A run that has no record yet, or one that is recorded and still to be judged.
struct PlannedRun {
  RunId id;
  ExperimentSpec experiment;
  std::vector<RunId> depends_on;       ///< runs whose weights it starts from, recorded or planned
  std::vector<std::string> needed_by;  ///< "table6/Mask Low"
  std::string reason;                  ///< why it has to run, for people
  std::optional<Estimate> estimate;    ///< of its time; nothing: unknown
  bool redo = false;                   ///< what is there of it is moved aside first
  std::vector<NamedOptions> judges;    ///< to judge it, once it is trained; empty: it is trained

  bool trains() const { return judges.empty(); }
  /// Whether another run beside it would spoil what is measured.
  bool alone() const;
};

/// A run that cannot be done here.
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
  bool fresh = false;          ///< runs with a record are done again
  std::string machine;         ///< machine_text() of where it will run, for estimates
  /// Why an experiment cannot run on this machine (data set absent, method not built); "" if it
  /// can.
  std::function<std::string(const ExperimentSpec&)> unavailable;
};

/// How the reason begins when the program lacks a method.
constexpr const char* kNotBuilt = "method not built";

/// "method not built: cutmix" when the program cannot do what a spec names; else "".
std::string not_built(const ExperimentSpec& experiment);

/// The rows of `tables` with one of these names; all when `labels` is empty. A name that no table
/// has is an Error with the nearest.
std::vector<TableSpec> select_rows(std::vector<TableSpec> tables,
                                   const std::vector<std::string>& labels);

/// The runs that `tables` lack. A run that several rows need is planned once.
Plan plan(const SpecLibrary& library, const std::vector<TableSpec>& tables,
          const ResultStore& store, const PlanOptions& options);

}  // namespace mra
