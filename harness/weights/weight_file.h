#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/weights/mapped_file.h"
#include "harness/weights/weight_tensor.h"

namespace mra {

/// The values of one tensor, row-major and little-endian: in the file's memory where they lie so,
/// else a copy.
struct WeightBytes {
  std::span<const std::byte> bytes;
  std::vector<std::byte> copy = {};  ///< what `bytes` is of, if it is one
};

/// A file of weights in any container, memory-mapped. Opening reads its headers and checks that all
/// tensors lie where they should; values cost nothing until they are asked for. Nothing in the file
/// is ever executed. Not for several threads at once.
class WeightFile {
 public:
  /// Knows the container by its first bytes. An Error of kind kIntegrity names the file and why it
  /// is refused.
  explicit WeightFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  /// "zip", "legacy", "tar" or "safetensors".
  const std::string& container() const { return container_; }
  const std::map<std::string, std::string>& metadata() const { return contents_.metadata; }
  /// In the order of the file, by their whole path.
  const std::vector<WeightTensor>& tensors() const { return contents_.tensors; }
  /// The tensor of that name; an Error with the nearest names otherwise.
  const WeightTensor& at(const std::string& name) const;

  /// An Error when the storage does not match the CRC-32 that the file gives for it.
  WeightBytes bytes(const WeightTensor& tensor) const;
  /// The same to `out`, which has room for tensor.size_bytes(): one copy, whatever the strides.
  void copy_to(const WeightTensor& tensor, void* out) const;

 private:
  void check_sum(size_t storage) const;
  [[noreturn]] void refuse_sum(size_t storage) const;

  MappedFile file_;
  std::filesystem::path path_;
  std::string container_;
  WeightContents contents_;
  mutable std::vector<bool> checked_;  ///< storages whose CRC-32 was compared
};

/// The tensors of `file` as a model's state dict: those under "state_dict", "model" or
/// "model_state_dict" where the file has such an entry, all otherwise, without a "module." before
/// every name. A file that is one tensor names it "tensor".
std::map<std::string, const WeightTensor*> state_dict_of(const WeightFile& file);

/// Where state_dict_of() found it: "" or "state_dict.module." and so on.
std::string state_dict_prefix(const WeightFile& file);

}  // namespace mra
