#pragma once

#include <filesystem>
#include <vector>

#include <torch/torch.h>

#include "harness/record/run_directory.h"

namespace mra {

/// Describes the program and the machine of a run: commit, hash of uncommitted changes, compiler,
/// libraries, CPU, device and driver, threads, and command lines of this program and of `harness`.
Json describe_environment(torch::Device device, int loader_threads);

/// Returns {"name", "manifest_sha256", "train_pictures", "val_pictures", …} for the data set of a
/// run, with the number of pictures in each split. Reads the files for the manifest unless `inputs`
/// (spec/inputs.h) contain it.
Json describe_dataset(const Json& dataset, const std::vector<std::filesystem::path>& data_dirs,
                      const Json& inputs);

/// Writes the uncommitted changes of the source into the run directory. If there are none, it
/// removes the file that another build may have left.
void write_patch(const RunDirectory& directory);

}  // namespace mra
