#pragma once

#include "harness/train/probe.h"
#include "harness/worker/execute.h"

namespace mra {

/// Does the first steps of the run in a directory, without changing the directory. Prints
/// {"images_per_s", "losses", "device", "threads"} as JSON. `save`: a safetensors file for the
/// initial weights and batches; empty: none.
int probe_run(const ExecuteOptions& options, ProbeOptions steps, const std::filesystem::path& save);

}  // namespace mra
