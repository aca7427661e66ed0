#pragma once

#include "harness/train/probe.h"
#include "harness/worker/execute.h"

namespace mra {

/// Does the first steps of the run of a directory and prints {"images_per_s", "losses", "device",
/// "threads"} as JSON; the directory stays as it is. `save`: a safetensors file for what went in,
/// or empty.
int probe_run(const ExecuteOptions& options, ProbeOptions steps, const std::filesystem::path& save);

}  // namespace mra
