#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/store/result_store.h"

namespace mra {

/// How far the runs of one experiment are, for a row of a table or a cell of a report.
struct CellState {
  std::string state;   ///< done, partial, running, interrupted, failed, pending
  std::string reason;  ///< why it failed or stopped; else empty
  std::vector<int64_t> done_seeds;
  std::vector<int64_t> pending_seeds;  ///< all seeds that are not done
};

/// The evaluators of `experiment` whose judgement of the run is not in the database.
std::vector<NamedOptions> missing_judges(const ResultStore& store, const ExperimentSpec& experiment,
                                         int64_t seed);

/// A run is done when the database holds its record and the judgements of all evaluators of the
/// experiment. The state of the others comes from their run directories; with an empty `workspace`
/// they are pending.
CellState cell_state(const ResultStore& store, const std::filesystem::path& workspace,
                     const ExperimentSpec& experiment, const std::vector<int64_t>& seeds);

}  // namespace mra
