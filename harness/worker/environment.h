#pragma once

#include <filesystem>
#include <vector>

#include <torch/torch.h>

#include "harness/record/run_directory.h"

namespace mra {

/// The program and the machine a run ran on: commit, hash of what was changed since, compiler,
/// libraries, CPU, device and driver, threads, command lines of this program and of `harness`.
Json describe_environment(torch::Device device, int loader_threads);

/// {"name", "manifest_sha256", "train_pictures", "val_pictures", …}: the data of a run, from its
/// spec, with the number of pictures of each split. The files are read for the manifest unless
/// `inputs` (spec/inputs.h) have it.
Json describe_dataset(const Json& dataset, const std::vector<std::filesystem::path>& data_dirs,
                      const Json& inputs);

/// Leaves in a run directory what was changed in the source since the commit; removes what another
/// build left when nothing was.
void write_patch(const RunDirectory& directory);

}  // namespace mra
