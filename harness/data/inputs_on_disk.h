#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "harness/spec/experiment_folders.h"
#include "harness/spec/inputs.h"

namespace mra {

/// The input files of runs on this machine. Each is read once. Its digest is kept in a file
/// together with a stamp, which shows within milliseconds whether it must be read again.
class InputsOnDisk : public Inputs {
 public:
  /// `kept`: the file for the digests. If its folder is absent, nothing is kept.
  InputsOnDisk(ExperimentFolders experiments, std::vector<std::filesystem::path> data_dirs,
               std::filesystem::path kept);

  std::optional<std::string> sha256(const Json& input) const override;
  /// Forgets the digests of the data sets with this name, so that their files are read again.
  void forget_dataset(const std::string& name);

 private:
  std::optional<std::filesystem::path> path_of(const Json& input) const;
  std::string look_up(const Json& input) const;
  void keep() const;

  ExperimentFolders experiments_;
  std::vector<std::filesystem::path> data_dirs_;
  std::filesystem::path kept_file_;
  mutable Json kept_;  ///< JSON text of an input without digest -> {"stamp", "sha256"}
  mutable std::map<std::string, std::optional<std::string>> looked_up_;  ///< results of this object
};

}  // namespace mra
