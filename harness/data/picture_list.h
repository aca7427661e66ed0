#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/dataset.h"

namespace mra {

/// Picture files with their labels.
struct PictureList {
  std::filesystem::path folder;
  std::vector<std::string> files;  ///< paths below `folder`
  std::vector<int32_t> labels;     ///< one for each file, 0 … classes-1
  int64_t classes = 0;
};

std::unique_ptr<Dataset> pictures_of(PictureList list);

/// Names of the folders, or of the picture files, in `folder`, sorted by their bytes; hidden ones
/// are left out. A folder that cannot be listed is an Error of kind kEnvironment.
std::vector<std::string> folders_in(const std::filesystem::path& folder);
std::vector<std::string> pictures_in(const std::filesystem::path& folder);

/// Lists FOLDER/<class>/<picture> by class, then name, both sorted. Labels are positions of the
/// class folders in sorted order. No class folder, or an empty one, is an Error of kind kIntegrity.
PictureList list_class_folders(const std::filesystem::path& folder);

}  // namespace mra
