#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Folders of experiments: that of the program first, those of the user laid over it. A user's
/// table may extend a recipe of the program; nothing of the program is edited for it.
class ExperimentFolders {
 public:
  /// `roots`: the program's, then the user's. An Error when the first lacks tables/ or scales/, or
  /// another is no folder.
  explicit ExperimentFolders(std::vector<std::filesystem::path> roots);

  const std::vector<std::filesystem::path>& roots() const { return roots_; }

  /// The file "recipes/mine.json", from whichever folder has it. An Error of kind kUsage that shows
  /// both when two have it.
  std::optional<std::filesystem::path> find(const std::string& name) const;
  /// The same; where the program would have it when no folder does.
  std::filesystem::path path_of(const std::string& name) const;
  /// Names of the JSON files in a subfolder of any of them, without ".json", sorted.
  std::vector<std::string> names_in(const std::string& subfolder) const;
  /// The entries of all files of this name, an object each. An Error when two have the same key.
  Json entries_of(const std::string& name) const;
  /// The file of this name that has the entry `key`, which one has.
  std::filesystem::path file_of_entry(const std::string& name, const std::string& key) const;

 private:
  std::vector<std::filesystem::path> roots_;
};

/// The file of a policy by its name ("autoaugment_imagenet"); `named` itself when it ends in .json.
std::optional<std::filesystem::path> find_policy_file(const ExperimentFolders& folders,
                                                      const std::string& named);

/// The folders separated by colons, as $HARNESS_EXPERIMENTS has them.
std::string text(const ExperimentFolders& folders);

/// The folders this program works with: those of $HARNESS_EXPERIMENTS, separated by colons, else
/// the program's own; then `given`, or, when none is given, the folder "experiments" of the working
/// directory or the nearest one above it, unless that is a whole set of its own with scales/.
ExperimentFolders find_experiments(const std::vector<std::filesystem::path>& given = {});

}  // namespace mra
