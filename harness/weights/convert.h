#pragma once

#include <filesystem>
#include <string>

namespace mra {

/// What convert_weights() did.
struct Converted {
  std::string container;  ///< of the file that was read
  std::string prefix;     ///< state_dict_prefix() of it
  size_t tensors = 0;
  size_t bytes = 0;  ///< of their values
};

/// Writes state_dict_of() the file `from` as safetensors to the new file `to`, whole or not at all;
/// its metadata tell from which file. An Error of kind kUsage when `to` exists or is not named
/// *.safetensors, of kIntegrity when `from` is refused.
Converted convert_weights(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace mra
