#pragma once

#include <atomic>
#include <map>
#include <string>

#include "harness/base/progress.h"
#include "harness/record/journal.h"
#include "harness/record/run_directory.h"
#include "harness/spec/recipe.h"
#include "harness/train/task.h"

namespace mra {

/// What a training run is given beside its task and recipe.
struct TrainEnv {
  torch::Device device = torch::kCPU;
  RunDirectory& directory;  ///< checkpoints go here
  JournalWriter& journal;
  Progress& progress;
  const std::atomic<bool>& stop;  ///< set by a signal or the time limit: checkpoint and end
  int64_t until_step = 0;         ///< the same after so many steps in all; 0: go on to the end
};

struct TrainResult {
  bool finished = false;  ///< false: stopped early, a checkpoint is written
  Metrics metrics;        ///< of the weights the run ends with, and headline_summary()
  std::map<std::string, Curve> curves;
  double wall_s = 0;  ///< all attempts together
  double cpu_s = 0;
  int64_t attempts = 1;
};

/// Trains `task` to the end of the recipe, from the checkpoint in the run directory if there is
/// one. The same result, bit for bit on a CPU, however often it is interrupted. A non-finite loss
/// is an Error of kind kFailure that names the step.
TrainResult train(Task& task, const Recipe& recipe, const TrainEnv& env);

}  // namespace mra
