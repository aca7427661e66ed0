#include "harness/store/cell_state.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mra {

const std::vector<std::string>& cell_state_names() {
  // In the order of CellState.
  static const std::vector<std::string> kNames = {"done",   "partial", "running",    "interrupted",
                                                  "failed", "pending", "unavailable"};
  return kNames;
}

const char* name(CellState state) {
  return cell_state_names()[size_t(state)].c_str();
}

/// The state of a cell from that of a run directory. A finished run is not in the database yet.
static CellState cell_state_of(RunState state) {
  switch (state) {
    case RunState::kInterrupted:
      return CellState::kInterrupted;
    case RunState::kFailed:
      return CellState::kFailed;
    case RunState::kRunning:
      return CellState::kRunning;
    case RunState::kDone:
    case RunState::kPending:
      break;
  }
  return CellState::kPending;
}

/// Whether `state` comes before `than` in kOrder: of several runs not done, a cell shows the first.
static bool says_more(CellState state, CellState than) {
  static const std::vector<CellState> kOrder = {CellState::kRunning, CellState::kFailed,
                                                CellState::kInterrupted, CellState::kPending};
  const auto place = [](CellState which) {
    return std::find(kOrder.begin(), kOrder.end(), which) - kOrder.begin();
  };
  return place(state) < place(than);
}

std::vector<NamedOptions> missing_judges(const ResultStore& store, const ExperimentSpec& experiment,
                                         int64_t seed) {
  auto judges = judges_of(experiment);
  std::erase_if(judges, [&](const NamedOptions& judge) {
    return store.judged({experiment.key, seed}, judgement_id(judge.name, judge.options));
  });
  return judges;
}

/// "trained, not judged by occlusion, throughput yet"
static std::string unjudged_text(const std::vector<NamedOptions>& missing) {
  std::vector<std::string> names;
  for (const NamedOptions& judge : missing) names.push_back(judge.name);
  return fmt::format("trained, not judged by {} yet", fmt::join(names, ", "));
}

/// Adds the run of one seed to `cell`.
static void add_seed(CellProgress& cell, const ResultStore& store,
                     const std::filesystem::path& workspace, const ExperimentSpec& experiment,
                     int64_t seed) {
  const RunId id{experiment.key, seed};
  if (store.has(id)) {
    const auto missing = missing_judges(store, experiment, seed);
    (missing.empty() ? cell.done_seeds : cell.pending_seeds).push_back(seed);
    if (!missing.empty() && cell.state == CellState::kPending) cell.reason = unjudged_text(missing);
    return;
  }
  cell.pending_seeds.push_back(seed);
  if (cell.state == CellState::kPending && cell.reason.empty()) cell.reason = store.outdated(id);
  if (workspace.empty()) return;
  const RunDirectory directory(RunDirectory::path_of(workspace, id));
  const CellState state = cell_state_of(directory.state());
  if (!says_more(state, cell.state)) return;
  cell.state = state;
  cell.reason = state == CellState::kRunning ? "" : directory.reason();
}

CellProgress cell_progress(const ResultStore& store, const std::filesystem::path& workspace,
                           const ExperimentSpec& experiment, const std::vector<int64_t>& seeds,
                           const std::string& absent) {
  CellProgress cell;
  for (const int64_t seed : seeds) add_seed(cell, store, workspace, experiment, seed);
  if (cell.pending_seeds.empty()) {
    cell.state = CellState::kDone;
  } else if (cell.state != CellState::kRunning && !absent.empty()) {
    cell.state = CellState::kUnavailable;
    cell.reason = absent;
  } else if (cell.state == CellState::kPending && !cell.done_seeds.empty()) {
    cell.state = CellState::kPartial;
  }
  return cell;
}

}  // namespace mra
