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

/// What a training needs from its surroundings: device, files, progress and the request to stop.
struct TrainEnv {
  torch::Device device = torch::kCPU;
  RunDirectory& directory;  ///< checkpoints go here
  JournalWriter& journal;
  Progress& progress;
  const std::atomic<bool>& stop;  ///< when set: write a checkpoint and return
  int64_t until_step = 0;         ///< also stop after this many steps in all; 0: no limit
};

struct TrainResult {
  bool finished = false;  ///< false: stopped early, after writing a checkpoint
  Metrics metrics;        ///< of the final weights, with those of headline_summary()
  std::map<std::string, Curve> curves;
  /// Task::right() of the final weights, by the headline, and of the best evaluation, by
  /// "<headline>/best"; without those that the task does not keep.
  std::map<std::string, std::vector<bool>> right;
  double wall_s = 0;  ///< all attempts together
  double cpu_s = 0;
  double data_wait_s = 0;  ///< of the wall time, waiting for pictures
  int64_t attempts = 1;
};

/// Trains `task` to the end of the recipe, from the checkpoint in the run directory if there is
/// one. The result is the same however often it is interrupted; on a CPU, bit for bit. Throws an
/// Error of kind kFailure that names the step when a loss is not finite.
TrainResult train(Task& task, const Recipe& recipe, const TrainEnv& env);

}  // namespace mra
