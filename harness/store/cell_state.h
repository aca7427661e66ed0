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

/// "done" is what the database holds; the state of the others comes from their run directories.
CellState cell_state(const ResultStore& store, const std::filesystem::path& workspace,
                     const std::string& key, const std::vector<int64_t>& seeds);

}  // namespace mra
