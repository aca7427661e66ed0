#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "harness/worker/execute.h"

namespace mra {

/// Judges the trained model of a run directory by each of `judges`, {"name": {options}} as JSON,
/// and leaves a judgement each; those that are there already are left out. Gives the exit code, as
/// execute() does; a failure stands in the journal too.
int judge_run(const ExecuteOptions& options, const std::vector<std::string>& judges,
              const std::atomic<bool>& stop);

}  // namespace mra
