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

/// The data sets of `experiments/datasets.json` by name, each as a spec holds it.
std::map<std::string, Json> known_datasets(const ExperimentFolders& experiments);

/// The one of that name; an Error of kind kUsage that names the nearest.
Json known_dataset(const ExperimentFolders& experiments, const std::string& name);

/// The Error of a data set that is not there, without listing its pictures; nothing if it is.
std::optional<Error> absence(const Json& dataset, const std::string& file,
                             const Folders& data_dirs);

/// What is there of a data set, listed but not decoded.
struct DataState {
  std::string state = "complete";  ///< complete, absent, damaged
  std::filesystem::path folder;
  int64_t classes = 0;
  std::map<Split, int64_t> pictures;
  std::vector<int64_t> of_class;  ///< pictures of each class in the split to learn from
  std::optional<Error> error;     ///< why it is not complete
};
DataState look_at(const Json& dataset, const std::string& file, const Folders& data_dirs);

/// Decodes every picture, with one thread a core, and gives what is wrong with those that cannot
/// be, in their order. `told` hears now and then how many are done.
std::vector<std::string> decode_all(const Dataset& dataset,
                                    const std::function<void(int64_t)>& told);

}  // namespace mra
