#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "harness/spec/experiment_folders.h"
#include "harness/spec/inputs.h"

namespace mra {

/// The inputs of runs as they lie on this machine. Each is read once; the digest is kept in a file,
/// with the stamp that shows later, in milliseconds, whether it has to be read again.
class InputsOnDisk : public Inputs {
 public:
  /// `kept`: the file of digests, in a folder that may be absent: then nothing is kept.
  InputsOnDisk(ExperimentFolders experiments, std::vector<std::filesystem::path> data_dirs,
               std::filesystem::path kept);

  std::optional<std::string> sha256(const Json& input) const override;
  /// Forgets the digests of the data sets of this name: their files are read anew.
  void forget_dataset(const std::string& name);

 private:
  std::optional<std::filesystem::path> path_of(const Json& input) const;
  std::string look_up(const Json& input) const;
  void keep() const;

  ExperimentFolders experiments_;
  std::vector<std::filesystem::path> data_dirs_;
  std::filesystem::path kept_file_;
  mutable Json kept_;  ///< input without digest, as text -> {"stamp", "sha256"}
  mutable std::map<std::string, std::optional<std::string>> looked_up_;  ///< by this object
};

}  // namespace mra
