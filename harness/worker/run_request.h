#pragma once

#include "harness/record/run_directory.h"
#include "harness/tasks/catalog.h"
#include "harness/worker/execute.h"

namespace mra {

/// The content of spec.json: the run and its resolved spec.
struct RunRequest {
  RunId id;
  ExperimentSpec spec;
  Json inputs = Json::array();  ///< content of the files it uses, as far as `harness` knows
};

/// Reads and checks spec.json in a run directory.
RunRequest read_request(const RunDirectory& directory);

/// Returns the context for the task and the judges of a request. `catalog`, `request` and `inputs`
/// must outlive it. Files that are read for the methods are added to `inputs`.
TaskContext task_context(const ExecuteOptions& options, const RunRequest& request,
                         const Catalog& catalog, torch::Device device, Json& inputs);

/// Returns all that specs can name. It lives as long as the program.
const Catalog& full_catalog();

/// Makes the task of a request, ready for training on `device`. The files that it reads for its
/// methods are added to `inputs` (spec/inputs.h).
std::unique_ptr<Task> make_task(const ExecuteOptions& options, const RunRequest& request,
                                torch::Device device, Json& inputs);

}  // namespace mra
