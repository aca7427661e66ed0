#pragma once

#include <vector>

#include "harness/model/state_dict.h"
#include "harness/spec/recipe.h"
#include "harness/train/task.h"

namespace mra {

struct ProbeOptions {
  int64_t steps = 20;        ///< number of steps, including warm-up
  int64_t warmup_steps = 0;  ///< number of first steps that are not timed
  bool keep_inputs = false;  ///< return the initial weights and the batches
};

struct ProbeResult {
  std::vector<double> losses;  ///< one per step
  double images_per_s = 0;     ///< of the timed steps, including reading and preparing pictures
  double data_wait_frac = 0;   ///< of their time, waiting for pictures
  StateDict kept;              ///< "model/<name>" before the first step, "batch/<step>/<name>"
};

/// Does the first steps of a run, without evaluation, checkpoint or record. The losses equal those
/// of train(). Throws an Error of kind kUsage when the recipe has fewer steps.
ProbeResult probe(Task& task, const Recipe& recipe, torch::Device device,
                  const ProbeOptions& options);

}  // namespace mra
