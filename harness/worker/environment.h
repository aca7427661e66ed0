#pragma once

#include <torch/torch.h>

#include "harness/spec/json.h"

namespace mra {

/// The program and the machine a run ran on: commit, compiler, libraries, CPU, device, threads.
Json describe_environment(torch::Device device, int loader_threads);

}  // namespace mra
