#pragma once

#include <string>
#include <vector>

#include "harness/cli/commands/commands.h"
#include "harness/run/launch.h"

namespace mra {

/// Where and how fast runs are executed, from the command line.
struct ExecuteOptions {
  std::string device = "auto";
  std::string time_limit;
  int jobs = 0;             ///< 0: as many as fit
  int loader_threads = -1;  ///< -1: fitting_loader_threads()
  std::string determinism = "strict";
};
void add_execute_options(CLI::App& command, ExecuteOptions& options);

/// The same as a launch takes it; an Error for an unknown device or duration.
LaunchOptions launch_options(const Context& context, const ExecuteOptions& asked);

/// Executes the runs with progress on stderr, until Ctrl-C. `options`: of launch_options().
LaunchResult execute_runs(const Context& context, const std::vector<PlannedRun>& runs,
                          LaunchOptions options);

}  // namespace mra
