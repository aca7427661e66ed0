#pragma once

#include <string>
#include <vector>

#include "harness/run/launch_options.h"
#include "harness/run/plan.h"

namespace mra {

/// The contents (spec/inputs.h) that are known before the start: of the data set, and what the
/// runs rest on that this one starts from.
Json known_inputs(const PlannedRun& run, const ResultStore& store, const Inputs& present);

/// Writes spec.json, what the worker reads. `inputs`: known_inputs().
void write_spec(const RunDirectory& directory, const PlannedRun& run,
                const Json& inputs = Json::array());

/// The command line of the worker of a run on `device`. The weights it starts from are compared
/// with their records: absent or changed ones are an Error of kind kIntegrity.
std::vector<std::string> worker_arguments(const RunDirectory& directory, const PlannedRun& run,
                                          const ResultStore& store, const LaunchOptions& options,
                                          const std::string& device);

}  // namespace mra
