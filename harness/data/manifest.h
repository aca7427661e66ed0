#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Which pictures a run learnt from and was judged on.
struct DataManifest {
  /// SHA-256 over the data set's entry in the spec and, of both splits in their order, each
  /// picture's path below the data directory, size of its file in bytes and label. What is in the
  /// files is not read: a changed picture of the same size is seen by `harness data check` at most.
  std::string sha256;
  int64_t train_pictures = 0, val_pictures = 0;
};

/// `dataset`: as in a resolved spec. An absent set is an Error as of make_dataset().
DataManifest data_manifest(const Json& dataset,
                           const std::vector<std::filesystem::path>& data_dirs);

}  // namespace mra
