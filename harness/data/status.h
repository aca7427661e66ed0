#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/dataset.h"

namespace mra {

/// One split of a data set as it lies on this machine.
struct SplitStatus {
  Split split = Split::kTrain;
  int64_t pictures = 0;
  int64_t classes = 0;
};

/// Whether a data set can be used, for people: `harness data list`.
struct DatasetStatus {
  std::string name, kind;
  std::optional<std::filesystem::path> folder;  ///< absent: not found, or drawn by the program
  std::vector<SplitStatus> splits;              ///< those that can be read
  std::vector<std::string> problems;            ///< why it cannot be used, or not wholly
  bool complete() const { return problems.empty(); }
};

/// Lists the files of a data set and compares their numbers; decodes nothing. `options` as in
/// make_dataset. Throws only for options that cannot be read.
DatasetStatus dataset_status(const SpecReader& options,
                             const std::vector<std::filesystem::path>& data_dirs);

/// A picture that cannot be decoded.
struct BadPicture {
  std::string picture;  ///< path, or what the data set calls it
  std::string reason;
};

/// Decodes every picture with `threads` threads; the bad ones in the order of the data set.
std::vector<BadPicture> check_pictures(const Dataset& dataset, int threads);

}  // namespace mra
