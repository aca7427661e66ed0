#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/weights/weight_file.h"

namespace mra {

/// The result of convert_weights().
struct Converted {
  std::string container;  ///< format of the source file
  StateDictPlace place;   ///< where its tensors were found in the source file
  size_t tensors = 0;
  size_t bytes = 0;                   ///< of the values of all tensors
  std::vector<std::string> left_out;  ///< tensors that safetensors cannot hold, with the reason
};

/// Writes the model's weights in the file `from` as safetensors to the new file `to`, atomically.
/// `entry`: the entry of `from` that holds the weights; empty: it is searched for. The metadata of
/// `to` name the file `from`. Throws an Error of kind kUsage when `to` exists or is not named
/// *.safetensors, and of kind kIntegrity when `from` cannot be read.
Converted convert_weights(const std::filesystem::path& from, const std::filesystem::path& to,
                          const std::string& entry = "");

}  // namespace mra
