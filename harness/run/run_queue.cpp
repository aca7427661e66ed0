#include "harness/run/run_queue.h"

#include <algorithm>

namespace mra {

RunQueue::RunQueue(const std::vector<PlannedRun>& plan) {
  for (const PlannedRun& planned : plan) {
    if (planned.trains()) places_[planned.id] = runs_.size();
    runs_.push_back({planned, runs_.size() + 1});
  }
}

int64_t RunQueue::count(Phase phase) const {
  return std::count_if(runs_.begin(), runs_.end(),
                       [&](const QueuedRun& run) { return run.phase == phase; });
}

bool RunQueue::all_done() const {
  return std::all_of(runs_.begin(), runs_.end(), [](const QueuedRun& run) { return run.done; });
}

bool RunQueue::disturbs(const QueuedRun& next) const {
  return std::any_of(runs_.begin(), runs_.end(), [&](const QueuedRun& run) {
    return run.phase == Phase::kActive && (run.alone() || next.alone());
  });
}

const QueuedRun* RunQueue::lacking(const QueuedRun& run) const {
  for (const RunId& id : run.planned.depends_on)
    if (const auto place = places_.find(id); place != places_.end())
      if (const QueuedRun& needed = runs_[place->second]; !needed.done) return &needed;
  return nullptr;
}

}  // namespace mra
