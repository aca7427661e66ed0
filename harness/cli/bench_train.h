#pragma once

#include <filesystem>
#include <string>

#include "harness/cli/context.h"

namespace mra {

/// What `harness bench train` measures.
struct TrainBench {
  Selection selection;
  int64_t steps = 60;
  int64_t warmup_steps = 12;  ///< of them, not timed
  std::string device = "auto";
  int loader_threads = 1;
  std::filesystem::path save;  ///< safetensors file of initial weights and batches; usually empty
};

/// Does the first training steps of each run that the tables lack or hold, pretrainings included,
/// one of each kind of work, prints pictures per second, and keeps them for the estimates of plans.
int bench_train(const Context& context, const TrainBench& bench);

}  // namespace mra
