#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/data/picture_list.h"

namespace mra {

/// What the entry of a data set that lies in a folder of its own says, whatever its layout.
struct DataFolder {
  std::string name;
  std::string folder;                 ///< in one of the data directories
  int64_t classes = 0;                ///< 0: as many as there are
  std::map<Split, int64_t> pictures;  ///< of train, val and test; 0: as many as there are
};

/// Reads "kind", "name", "note", "folder", "classes", "train_pictures", "val_pictures" and
/// "test_pictures". The caller reads what is its own, then rejects the rest.
DataFolder read_data_folder(SpecReader& options);

/// A path below the data directories: a spec, which anybody may have written, names no other.
std::string read_inner_path(SpecReader& options, const std::string& key,
                            const std::string& fallback);

/// The folder in the first of `data_dirs` that has it. None is an Error of kind kEnvironment that
/// shows `layout`, the paths expected below that folder, and an archive of that name if one is
/// there; so is a path of `layout` that is missing there. "<…>" in one stands for many.
std::filesystem::path locate_folder(const DataFolder& data, const Folders& data_dirs,
                                    const std::vector<std::string>& layout);

/// An Error of kind kIntegrity when a count is not the one that the entry tells. `where` is the
/// folder or list that was read.
void check_counts(const DataFolder& data, Split split, int64_t classes, int64_t pictures,
                  const std::filesystem::path& where);
inline void check_counts(const DataFolder& data, Split split, const PictureList& list,
                         const std::filesystem::path& where) {
  check_counts(data, split, list.classes, int64_t(list.files.size()), where);
}

}  // namespace mra
