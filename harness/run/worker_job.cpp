#include "harness/run/worker_job.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/system_facts.h"
#include "harness/run/device_pool.h"

namespace mra {

namespace fs = std::filesystem;

Json known_inputs(const PlannedRun& run, const ResultStore& store, const Inputs& present) {
  Json inputs = Json::array();
  Json dataset = {{"dataset", run.experiment.dataset}};
  if (const auto sha256 = present.sha256(dataset)) {
    dataset["sha256"] = *sha256;
    add_input(inputs, dataset);
  }
  for (const RunId& id : run.depends_on)
    if (const auto record = store.run(id))
      for (const Json& input : inputs_of(record->environment)) add_input(inputs, input);
  return inputs;
}

void write_spec(const RunDirectory& directory, const PlannedRun& run, const Json& inputs) {
  Json spec = run.experiment.resolved;
  // Not part of the key, but the worker needs to know the evaluators.
  if (!run.experiment.evaluate.empty()) spec["evaluate"] = Json::array();
  for (const NamedOptions& entry : run.experiment.evaluate)
    spec["evaluate"].push_back({{entry.name, entry.options}});
  const Json request = {{"key", run.id.key},
                        {"seed", run.id.seed},
                        {"experiment", run.experiment.name},
                        {"spec", spec},
                        {"inputs", inputs}};
  write_file_atomically(directory.spec_file(), request.dump(1) + "\n");
}

/// The weight file of a recorded run. An Error of kind kIntegrity when it is absent or changed.
static fs::path recorded_weights(const RunId& id, const ResultStore& store,
                                 const fs::path& workspace) {
  const auto record = store.run(id);
  check(record.has_value(), ErrorKind::kIntegrity, text(id), "is not in the database",
        "repeat the command");
  const fs::path path = RunDirectory::path_of(workspace, id) / record->weights_file;
  const std::string cure = "repeat the command with --fresh to make them again";
  check(fs::is_regular_file(path), ErrorKind::kIntegrity, path.string(),
        "the weights this run starts from are gone", cure);
  check(sha256_file(path) == record->weights_sha256, ErrorKind::kIntegrity, path.string(),
        "the weights this run starts from are not those of their record", cure);
  return path;
}

static int64_t threads_of(const PlannedRun& run, const LaunchOptions& options) {
  if (options.threads > 0) return options.threads;
  const int64_t of_recipe = run.experiment.recipe.threads;
  return of_recipe > 0 ? of_recipe : std::max(1, usable_cores() / options.jobs);
}

int fitting_jobs(const std::vector<PlannedRun>& runs, const std::string& device,
                 const std::vector<std::string>& gpus, int cores) {
  if (device != "cpu" && !gpus.empty()) return int(DevicePool(device, gpus).size());
  int64_t most_threads = 1;
  for (const PlannedRun& run : runs) {
    const int64_t threads = run.experiment.recipe.threads;
    most_threads = std::max(most_threads, threads > 0 ? threads : cores);
  }
  return int(std::max<int64_t>(1, cores / most_threads));
}

int fitting_loader_threads(const std::string& device, const std::vector<std::string>& gpus,
                           int cores, int jobs) {
  constexpr int kForOthers = 2;  // the trainer's own threads, and the system
  if (device == "cpu" || gpus.empty()) return 1;
  return std::max(1, (cores - kForOthers) / jobs);
}

std::vector<std::string> worker_arguments(const RunDirectory& directory, const PlannedRun& run,
                                          const ResultStore& store, const LaunchOptions& options,
                                          const std::string& device) {
  std::vector<std::string> arguments = {options.worker.string(),
                                        run.trains() ? "execute" : "judge",
                                        directory.path().string(),
                                        "--device",
                                        device,
                                        "--threads",
                                        std::to_string(threads_of(run, options)),
                                        "--loader-threads",
                                        std::to_string(options.loader_threads),
                                        "--determinism",
                                        options.determinism};
  for (const fs::path& data_dir : options.data_dirs)
    arguments.insert(arguments.end(), {"--data-dir", data_dir.string()});
  for (const RunId& id : run.depends_on)
    arguments.insert(
        arguments.end(),
        {"--input", id.key + "=" + recorded_weights(id, store, options.workspace).string()});
  for (const NamedOptions& judge : run.judges)
    arguments.insert(arguments.end(), {"--judge", Json{{judge.name, judge.options}}.dump()});
  return arguments;
}

}  // namespace mra
