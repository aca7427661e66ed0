#pragma once

#include <vector>

#include "harness/model/state_dict.h"
#include "harness/spec/recipe.h"
#include "harness/train/task.h"

namespace mra {

struct ProbeOptions {
  int64_t steps = 20;        ///< to be done
  int64_t warmup_steps = 0;  ///< the first of them, which are not timed
  bool keep_inputs = false;  ///< remember initial weights and batches
};

struct ProbeResult {
  std::vector<double> losses;  ///< one a step
  double images_per_s = 0;     ///< of the timed steps, pictures read and prepared included
  StateDict kept;              ///< "model/<name>" before the first step, "batch/<step>/<name>"
};

/// Does the first steps of a run, without evaluation, checkpoint or record. The losses are those
/// that train() meets. An Error when the recipe has fewer steps.
ProbeResult probe(Task& task, const Recipe& recipe, torch::Device device,
                  const ProbeOptions& options);

}  // namespace mra
