#pragma once

#include <string>
#include <vector>

#include "harness/run/launch_options.h"
#include "harness/run/plan.h"

namespace mra {

/// The input contents (spec/inputs.h) known before the start: those of the data set and those used
/// by the runs whose weights this run starts from.
Json known_inputs(const PlannedRun& run, const ResultStore& store, const Inputs& present);

/// Writes spec.json for the worker. `inputs`: known_inputs().
void write_spec(const RunDirectory& directory, const PlannedRun& run,
                const Json& inputs = Json::array());

/// How many runs at a time use the machine fully: one per GPU, or as many as `cores` allow with the
/// threads of their recipes. `gpus`: visible_gpus().
int fitting_jobs(const std::vector<PlannedRun>& runs, const std::string& device,
                 const std::vector<std::string>& gpus, int cores);

/// How many threads of each run read pictures when nobody says: one; on GPUs, which need more, the
/// cores but two, shared among the `jobs` runs at a time.
int fitting_loader_threads(const std::string& device, const std::vector<std::string>& gpus,
                           int cores, int jobs);

/// The command line of a run's worker on `device`. An Error of kind kIntegrity when weights that
/// the run starts from are absent, or differ from their record.
std::vector<std::string> worker_arguments(const RunDirectory& directory, const PlannedRun& run,
                                          const ResultStore& store, const LaunchOptions& options,
                                          const std::string& device);

}  // namespace mra
