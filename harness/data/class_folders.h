#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/dataset.h"

namespace mra {

/// Options of a data set in ImageNet's layout: FOLDER/train/<class>/<picture>.
struct ClassFoldersOptions {
  std::string name;
  std::string folder;          ///< in one of the data directories
  std::string train, val;      ///< folders of the splits
  int64_t classes = 0;         ///< 0: as many as there are
  int64_t train_pictures = 0;  ///< 0: as many as there are
  int64_t val_pictures = 0;
  int64_t take_every = 1;  ///< of the training list, sorted by folder, then file name
};

ClassFoldersOptions read_class_folders(SpecReader options);

/// The pictures of one split by class. Labels are positions of the class folders in sorted order.
struct ClassFolderList {
  std::vector<std::filesystem::path> folders;  ///< one for each class, sorted
  std::vector<std::string> files;              ///< by class, then name, both sorted
  std::vector<int32_t> labels;                 ///< one for each file
};

/// Lists a split's folder. No class folder, or an empty one, is an Error of kind kIntegrity.
ClassFolderList list_class_folders(const std::filesystem::path& split_folder);

/// The folder of the data set in the first of `data_dirs` that has it.
std::optional<std::filesystem::path> find_class_folders(
    const ClassFoldersOptions& options, const std::vector<std::filesystem::path>& data_dirs);

std::unique_ptr<Dataset> make_class_folders(SpecReader options, Split split,
                                            const std::vector<std::filesystem::path>& data_dirs);

}  // namespace mra
