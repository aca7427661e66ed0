#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/store/result_store.h"

namespace mra {

/// How far the runs of one experiment are: of a row of a table, or of a cell of a report.
enum class CellState {
  kDone,         ///< every seed is recorded and judged
  kPartial,      ///< some seeds are
  kRunning,      ///< a process works on one
  kInterrupted,  ///< one stopped early and can go on
  kFailed,       ///< the latest attempt at one failed
  kPending,      ///< nothing is there yet
  kUnavailable,  ///< it is not done and cannot run here
};
const char* name(CellState state);  ///< "done", …
/// The names of all states, what is finished first.
const std::vector<std::string>& cell_state_names();

struct CellProgress {
  CellState state = CellState::kPending;
  std::string reason;  ///< why it is not done; empty when there is nothing to say
  std::vector<int64_t> done_seeds;
  std::vector<int64_t> pending_seeds;  ///< all seeds that are not done
};

/// "method not built: cutmix" when the program cannot do what a spec names; else "".
std::string not_built(const ExperimentSpec& experiment);

/// The evaluators of `experiment` whose judgement of a run the database lacks.
std::vector<NamedOptions> missing_judges(const ResultStore& store, const ExperimentSpec& experiment,
                                         int64_t seed);

/// "done" is what the database holds, judged by all evaluators of the experiment; the state of the
/// others comes from their run directories. Without a workspace: of the database alone. `absent`:
/// what the machine lacks to run it, "" for nothing; a method that is not built is found here.
CellProgress cell_progress(const ResultStore& store, const std::filesystem::path& workspace,
                           const ExperimentSpec& experiment, const std::vector<int64_t>& seeds,
                           const std::string& absent = "");

}  // namespace mra
