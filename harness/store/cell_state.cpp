#include "harness/store/cell_state.h"

#include <algorithm>

#include <fmt/format.h>

namespace mra {

/// Rank of a state; of several runs, the state with the highest rank is shown.
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
  std::string names;
  for (const NamedOptions& judge : missing) names += (names.empty() ? "" : ", ") + judge.name;
  return fmt::format("trained, not judged by {} yet", names);
}

CellState cell_state(const ResultStore& store, const std::filesystem::path& workspace,
                     const ExperimentSpec& experiment, const std::vector<int64_t>& seeds) {
  CellState cell;
  RunState worst = RunState::kPending;
  for (const int64_t seed : seeds) {
    const RunId id{experiment.key, seed};
    if (store.has(id)) {
      const auto missing = missing_judges(store, experiment, seed);
      (missing.empty() ? cell.done_seeds : cell.pending_seeds).push_back(seed);
      if (!missing.empty() && weight(worst) == 0) cell.reason = unjudged_text(missing);
      continue;
    }
    cell.pending_seeds.push_back(seed);
    if (weight(worst) == 0 && cell.reason.empty()) cell.reason = store.outdated(id);
    if (workspace.empty()) continue;
    const RunDirectory directory(RunDirectory::path_of(workspace, id));
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
