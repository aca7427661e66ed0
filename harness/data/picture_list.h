#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/data/dataset.h"

namespace mra {

/// Paths of picture files with their labels.
struct PictureList {
  std::filesystem::path folder;
  std::vector<std::string> files;  ///< paths below `folder`
  std::vector<int32_t> labels;     ///< one per file, 0 … classes-1
  int64_t classes = 0;
};

std::unique_ptr<Dataset> pictures_of(PictureList list);

/// Returns the names of the folders, or of the picture files, in `folder`, sorted by bytes, without
/// hidden ones. Throws an Error of kind kEnvironment when the folder cannot be listed.
std::vector<std::string> folders_in(const std::filesystem::path& folder);
std::vector<std::string> pictures_in(const std::filesystem::path& folder);

/// Lists the pictures of FOLDER/<class>, at any depth below it, sorted by class, then by path. The
/// label is the position of the class folder. Throws an Error of kind kIntegrity without class
/// folders, for one without pictures, and for a link to a folder that holds the link.
PictureList list_class_folders(const std::filesystem::path& folder);

}  // namespace mra
