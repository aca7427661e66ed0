#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/weights/weight_file.h"

namespace mra {

/// What convert_weights() did.
struct Converted {
  std::string container;  ///< of the file that was read
  StateDictPlace place;   ///< of its tensors in that file
  size_t tensors = 0;
  size_t bytes = 0;                   ///< of their values
  std::vector<std::string> left_out;  ///< tensors that safetensors cannot hold, with why
};

/// Writes the model's weights in the file `from`, below its `entry` if one is named, as safetensors
/// to the new file `to`, whole or not at all; its metadata tell from which file. An Error of kind
/// kUsage when `to` exists or is not named
/// *.safetensors, of kIntegrity when `from` is refused.
Converted convert_weights(const std::filesystem::path& from, const std::filesystem::path& to,
                          const std::string& entry = "");

}  // namespace mra
