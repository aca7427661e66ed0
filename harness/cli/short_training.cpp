#include "harness/cli/short_training.h"

#include <fmt/format.h>

#include "harness/base/program.h"
#include "harness/run/launch.h"
#include "harness/run/outcome.h"
#include "harness/run/worker_job.h"
#include "harness/run/worker_process.h"
#include "harness/spec/inherit.h"

namespace mra {

ShortTraining::ShortTraining(const Context& context, const ResultStore& store,
                             const PlannedRun& run, const Options& chosen)
    : directory_(folder_.path()), name_(run.experiment.name) {
  write_spec(directory_, run, known_inputs(run, store, *context.inputs()));
  LaunchOptions options = context.launch_options();
  options.worker = find_worker();
  options.device = chosen.device;
  options.threads = chosen.threads;
  arguments_ = worker_arguments(directory_, run, store, options, options.device);
  arguments_.erase(arguments_.begin());
}

void ShortTraining::train_until(int64_t step) {
  std::vector<std::string> arguments = arguments_;
  arguments.insert(arguments.end(), {"--until-step", std::to_string(step)});
  const ProgramResult result = run_program(find_worker(), arguments, /*show_errors=*/true);
  const bool far_enough =
      result.exit_code == 0 || result.exit_code == exit_code(ErrorKind::kStopped);
  check(far_enough, kind_of_exit(result.exit_code), name_,
        fmt::format("could not be trained for {} steps (code {})", step, result.exit_code),
        "the reason stands above");
}

Json ShortTraining::environment() const {
  return read_json_file(directory_.environment_file());
}

}  // namespace mra
