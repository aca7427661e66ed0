#pragma once

#include <filesystem>
#include <string>

#include "harness/data/data_state.h"

namespace mra {

/// A data set of the user's own that was written down.
struct AddedDataset {
  std::filesystem::path file;      ///< the datasets.json that has its entry now
  std::filesystem::path data_dir;  ///< the --data-dir with which it is found
  Json entry;
  DataState state;
};

/// Writes down the pictures in `path`/train and `path`/val, or the like, as the data set `name`: in
/// the user's last folder of experiments, else in ./experiments. An Error when that name is taken
/// or the folder holds no such splits; it says so when `path` is one level too high or low.
AddedDataset add_dataset(const ExperimentFolders& experiments, const std::string& name,
                         const std::filesystem::path& path);

/// Writes the entry `name` into the same file, which is returned. An Error when the name is taken.
std::filesystem::path write_entry(const ExperimentFolders& experiments, const std::string& name,
                                  const Json& entry);
/// Throws an Error unless a new data set can have this name.
void check_new_name(const ExperimentFolders& experiments, const std::string& name);

}  // namespace mra
