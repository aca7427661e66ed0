#include "harness/run/short_training.h"

#include "harness/run/worker_job.h"
#include "harness/run/worker_process.h"
#include "harness/spec/inherit.h"

namespace mra {

ShortTraining::ShortTraining(const PlannedRun& run, const ResultStore& store,
                             const LaunchOptions& options, const Inputs& inputs)
    : directory_(folder_.path()) {
  write_spec(directory_, run, known_inputs(run, store, inputs));
  arguments_ = worker_arguments(directory_, run, store, options, options.device);
  arguments_.erase(arguments_.begin());
}

void ShortTraining::train_until(int64_t step) {
  std::vector<std::string> arguments = arguments_;
  arguments.insert(arguments.end(), {"--until-step", std::to_string(step)});
  worker_output(arguments);
}

Json ShortTraining::ask(const std::string& command, const std::vector<std::string>& more) const {
  std::vector<std::string> arguments = arguments_;
  arguments.front() = command;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return ask_worker(arguments);
}

Json ShortTraining::environment() const {
  return read_json_file(directory_.environment_file());
}

}  // namespace mra
