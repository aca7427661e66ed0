#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "harness/worker/execute.h"

namespace mra {

/// Evaluates the trained model of a run directory by each of `judges`, {"name": {options}} as JSON,
/// and writes a judgement for each. Skips those that already exist. Returns the exit code, as
/// execute() does; an error is also in the journal.
int judge_run(const ExecuteOptions& options, const std::vector<std::string>& judges,
              const std::atomic<bool>& stop);

}  // namespace mra
