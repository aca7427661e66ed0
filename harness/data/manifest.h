#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/data/dataset.h"
#include "harness/spec/json.h"

namespace mra {

/// Which pictures a run learnt from and was judged on.
struct DataManifest {
  /// SHA-256 over the data set's entry in the spec and, of all splits in their order, each
  /// picture's path below the data directory, size of its file in bytes, SHA-256 of its file, and
  /// label.
  std::string sha256;
  std::map<Split, int64_t> pictures;  ///< of each split
};

/// Reads every file. `dataset`: as in a resolved spec. An absent set is an Error as of
/// make_dataset().
DataManifest data_manifest(const Json& dataset,
                           const std::vector<std::filesystem::path>& data_dirs);

/// What the system knows of files without reading them. As long as it is the same, so are their
/// contents.
struct FileStamp {
  std::string text;        ///< size, times of the last changes, place on the disk
  int64_t bytes = 0;       ///< of all files
  int64_t changed_ns = 0;  ///< when the last one was changed, since 1970
};

/// Of one file; an Error of kind kEnvironment when it is not there.
FileStamp file_stamp(const std::filesystem::path& path);

/// Of the files that data_manifest() would read; no bytes for a set that is drawn by the program.
FileStamp data_stamp(const Json& dataset, const std::vector<std::filesystem::path>& data_dirs);

}  // namespace mra
