#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/data/picture_list.h"

namespace mra {

/// The options that every data set with a folder of its own has, whatever the layout of the folder.
struct DataFolder {
  std::string name;
  std::string folder;                 ///< name of its folder in one of the data directories
  int64_t classes = 0;                ///< expected number; 0: any
  std::map<Split, int64_t> pictures;  ///< expected numbers in train, val and test; 0: any
};

/// Reads "kind", "name", "note", "folder", "classes", "train_pictures", "val_pictures" and
/// "test_pictures". The caller then reads its own options and rejects the remaining ones.
DataFolder read_data_folder(SpecReader& options);

/// Reads a path that must stay below the data directories, because the spec may not be trusted.
std::string read_inner_path(SpecReader& options, const std::string& key,
                            const std::string& fallback);

/// Returns the folder in the first of `data_dirs` that has it. Throws an Error of kind kEnvironment
/// when none has it or a path of `layout` is missing in it. The message shows `layout`, the paths
/// expected below the folder, and an archive of that name if there is one. "<…>" means many files.
std::filesystem::path locate_folder(const DataFolder& data, const Folders& data_dirs,
                                    const std::vector<std::string>& layout);

/// Throws an Error of kind kIntegrity when a count differs from the one in the entry. `where`: the
/// folder or list that was read.
void check_counts(const DataFolder& data, Split split, int64_t classes, int64_t pictures,
                  const std::filesystem::path& where);
inline void check_counts(const DataFolder& data, Split split, const PictureList& list,
                         const std::filesystem::path& where) {
  check_counts(data, split, list.classes, int64_t(list.files.size()), where);
}

}  // namespace mra
