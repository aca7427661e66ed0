#include "harness/store/cell_state.h"

#include <algorithm>

namespace mra {

/// The state that says most of several runs comes last.
static int weight(RunState state) {
  switch (state) {
    case RunState::kDone:  // finished, but not in the database yet
    case RunState::kPending:
      return 0;
    case RunState::kInterrupted:
      return 1;
    case RunState::kFailed:
      return 2;
    case RunState::kRunning:
      return 3;
  }
  return 0;
}

CellState cell_state(const ResultStore& store, const std::filesystem::path& workspace,
                     const std::string& key, const std::vector<int64_t>& seeds) {
  CellState cell;
  RunState worst = RunState::kPending;
  for (const int64_t seed : seeds) {
    if (store.has({key, seed})) {
      cell.done_seeds.push_back(seed);
      continue;
    }
    cell.pending_seeds.push_back(seed);
    const RunDirectory directory(RunDirectory::path_of(workspace, {key, seed}));
    const RunState state = directory.state();
    if (weight(state) <= weight(worst)) continue;
    worst = state;
    cell.reason = state == RunState::kRunning ? "" : directory.reason();
  }
  if (weight(worst) > 0)
    cell.state = name(worst);
  else if (cell.pending_seeds.empty())
    cell.state = "done";
  else
    cell.state = cell.done_seeds.empty() ? "pending" : "partial";
  return cell;
}

}  // namespace mra
