#pragma once

#include <string>
#include <vector>

#include "harness/run/launch_options.h"
#include "harness/run/plan.h"

namespace mra {

/// Writes spec.json, what the worker reads.
void write_spec(const RunDirectory& directory, const PlannedRun& run);

/// The command line of the worker of a run on `device`. The weights it starts from are compared
/// with their records: absent or changed ones are an Error of kind kIntegrity.
std::vector<std::string> worker_arguments(const RunDirectory& directory, const PlannedRun& run,
                                          const ResultStore& store, const LaunchOptions& options,
                                          const std::string& device);

}  // namespace mra
