#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/data/dataset.h"
#include "harness/spec/experiment_folders.h"
#include "harness/spec/json.h"

namespace mra {

using Folders = std::vector<std::filesystem::path>;

/// The data sets of `experiments/datasets.json` by name, each as a spec holds it.
std::map<std::string, Json> known_datasets(const ExperimentFolders& experiments);

/// The folder a data set lies in; empty for one that is drawn by the program or is absent.
std::filesystem::path folder_of(const Json& dataset, const Folders& data_dirs);

/// The Error of a data set that is not there, without listing its pictures; nothing if it is.
std::optional<Error> absence(const Json& dataset, const std::string& file,
                             const Folders& data_dirs);

/// What is there of a data set, listed but not decoded.
struct DataState {
  std::string state;  ///< complete, absent, damaged
  std::filesystem::path folder;
  int64_t classes = 0, train_pictures = 0, val_pictures = 0;
  std::optional<Error> error;  ///< why it is not complete
};
DataState look_at(const Json& dataset, const std::string& file, const Folders& data_dirs);

/// Decodes every picture, with one thread a core, and gives what is wrong with those that cannot
/// be, in their order. `told` hears now and then how many are done.
std::vector<std::string> decode_all(const Dataset& dataset,
                                    const std::function<void(int64_t)>& told);

}  // namespace mra
