#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/data/dataset.h"
#include "harness/spec/json.h"

namespace mra {

/// Identifies the pictures that a run was trained and evaluated on.
struct DataManifest {
  /// SHA-256 over the data set's entry in the spec and over all pictures, split by
  /// split: path below the data directory, file size in bytes, SHA-256 of the file, and
  /// label.
  std::string sha256;
  std::map<Split, int64_t> pictures;  ///< of each split
};

/// Reads every file. `dataset`: as in a resolved spec. Throws the Error of make_dataset() when the
/// data set is absent.
DataManifest data_manifest(const Json& dataset,
                           const std::vector<std::filesystem::path>& data_dirs);

/// Facts that the system knows about files without reading them. While they stay the same, so does
/// the content of the files.
struct FileStamp {
  std::string text;        ///< size, times of the last changes, inode
  int64_t bytes = 0;       ///< total size
  int64_t changed_ns = 0;  ///< time of the last change, since 1970
};

/// Returns the stamp of one file. Throws an Error of kind kEnvironment when it is absent.
FileStamp file_stamp(const std::filesystem::path& path);

/// Returns the stamp of the files that data_manifest() would read; `bytes` is 0 if there are none.
FileStamp data_stamp(const Json& dataset, const std::vector<std::filesystem::path>& data_dirs);

}  // namespace mra
