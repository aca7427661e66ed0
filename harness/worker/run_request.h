#pragma once

#include "harness/record/run_directory.h"
#include "harness/tasks/catalog.h"
#include "harness/worker/execute.h"

namespace mra {

/// What spec.json holds: the run and its resolved spec.
struct RunRequest {
  RunId id;
  ExperimentSpec spec;
  Json inputs = Json::array();  ///< contents it rests on, as far as `harness` knows them
};

/// Reads and checks spec.json of a run directory.
RunRequest read_request(const RunDirectory& directory);

/// What the task of a request, and what judges its model, is made from. `catalog` and `request`
/// must outlive it, and `inputs`, to which the files are added that are read meanwhile.
TaskContext task_context(const ExecuteOptions& options, const RunRequest& request,
                         const Catalog& catalog, torch::Device device, Json& inputs);

/// All that specs can name; it lasts as long as the program.
const Catalog& full_catalog();

/// The task of a request, ready to be trained on `device`. The files it reads for its methods are
/// added to `inputs` (spec/inputs.h).
std::unique_ptr<Task> make_task(const ExecuteOptions& options, const RunRequest& request,
                                torch::Device device, Json& inputs);

}  // namespace mra
