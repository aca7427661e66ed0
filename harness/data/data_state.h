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

/// Returns the data sets of `experiments/datasets.json` by name, each as a spec contains it.
std::map<std::string, Json> known_datasets(const ExperimentFolders& experiments);

/// Returns the data set with that name. Throws an Error of kind kUsage with the nearest name.
Json known_dataset(const ExperimentFolders& experiments, const std::string& name);

/// Returns an Error when the data set is absent, else nothing. Does not list its pictures.
std::optional<Error> absence(const Json& dataset, const std::string& file,
                             const Folders& data_dirs);

/// What was found of a data set. The pictures are listed but not decoded.
struct DataState {
  std::string state = "complete";  ///< complete, absent, damaged
  std::filesystem::path folder;
  int64_t classes = 0;
  std::map<Split, int64_t> pictures;
  std::vector<int64_t> of_class;  ///< pictures of each class in the first split of splits_of()
  std::optional<Error> error;     ///< why it is not complete
};
DataState look_at(const Json& dataset, const std::string& file, const Folders& data_dirs);

/// Decodes every picture, with one thread per core, and returns the messages of those that cannot
/// be decoded, in their order. `told` is called now and then with the number of finished pictures.
std::vector<std::string> decode_all(const Dataset& dataset,
                                    const std::function<void(int64_t)>& told);

}  // namespace mra
