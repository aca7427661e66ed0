#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/store/result_store.h"

namespace mra {

/// How far the runs of one experiment are, for a row of a table or a cell of a report.
enum class CellState {
  kDone,         ///< every seed is recorded and judged
  kPartial,      ///< some seeds are recorded and judged
  kRunning,      ///< a process works on a seed
  kInterrupted,  ///< a seed stopped early and can go on
  kFailed,       ///< the latest attempt of a seed failed
  kPending,      ///< no seed has begun
  kUnavailable,  ///< not done, and this machine cannot do it
};
const char* name(CellState state);  ///< "done", …
/// The names of all states, in the order of CellState.
const std::vector<std::string>& cell_state_names();

struct CellProgress {
  CellState state = CellState::kPending;
  std::string reason;  ///< why it is not done, or empty
  std::vector<int64_t> done_seeds;
  std::vector<int64_t> pending_seeds;  ///< all seeds that are not done
};

/// The evaluators of `experiment` whose judgement of the run is not in the database.
std::vector<NamedOptions> missing_judges(const ResultStore& store, const ExperimentSpec& experiment,
                                         int64_t seed);

/// A run is done when the database holds its record and the judgements of all evaluators of the
/// experiment. The state of the others comes from their run directories; with an empty `workspace`
/// they are pending. `absent`: what the machine lacks for the experiment, or "".
CellProgress cell_progress(const ResultStore& store, const std::filesystem::path& workspace,
                           const ExperimentSpec& experiment, const std::vector<int64_t>& seeds,
                           const std::string& absent = "");

}  // namespace mra
