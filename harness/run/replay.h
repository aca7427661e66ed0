#pragma once

#include <optional>

#include "harness/record/trace.h"
#include "harness/run/launch_options.h"
#include "harness/store/result_store.h"

namespace mra {

/// What repeating the first steps of a run showed.
struct Replay {
  TraceComparison comparison;
  std::optional<int64_t> attempts_disagreed_at;  ///< the step at which the run's own attempts did

  bool identical() const { return comparison.identical() && !attempts_disagreed_at; }
};
Json to_json(const Replay& replay);

/// Repeats the first `steps` steps of a run on the device and with the threads that it had. A run
/// with a record gets a judgement of it, in its folder and in the database.
Replay replay(const RunId& id, const ResultStore& store, LaunchOptions options,
              const Inputs& inputs, int64_t steps);

}  // namespace mra
