#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/store/result_store.h"

namespace mra {

/// How far the runs of one experiment are: of a row of a table, or of a cell of a report.
struct CellState {
  std::string state;   ///< done, partial, running, interrupted, failed, pending
  std::string reason;  ///< why it failed or stopped; empty when there is nothing to say
  std::vector<int64_t> done_seeds;
  std::vector<int64_t> pending_seeds;  ///< all that are not done
};

/// The evaluators of `experiment` whose judgement of a run the database lacks.
std::vector<NamedOptions> missing_judges(const ResultStore& store, const ExperimentSpec& experiment,
                                         int64_t seed);

/// "done" is what the database holds, judged by all evaluators of the experiment; the state of the
/// others comes from their run directories. Without a workspace: of the database alone.
CellState cell_state(const ResultStore& store, const std::filesystem::path& workspace,
                     const ExperimentSpec& experiment, const std::vector<int64_t>& seeds);

}  // namespace mra
