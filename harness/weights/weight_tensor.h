#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mra {

/// A run of values in a weight file; several tensors may share it.
struct WeightStorage {
  std::span<const std::byte> bytes;
  std::optional<uint32_t> crc32 = std::nullopt;  ///< what the file says it is
  std::string name = {};                         ///< for errors
};

/// One tensor of a weight file, described without a look at its values.
struct WeightTensor {
  std::vector<std::string> path;  ///< keys from the outermost object; empty: the file is a tensor
  std::string dtype;              ///< as in safetensors: "F32"
  std::vector<int64_t> shape;     ///< empty: one value
  std::vector<int64_t> strides;   ///< in values
  size_t storage = 0;             ///< index into the file's storages
  int64_t offset = 0;             ///< of the first value, in values

  /// The path joined by dots.
  std::string name() const;
  int64_t count() const;  ///< of values
  size_t size_bytes() const;
  bool contiguous() const;  ///< row-major, without gaps
};

/// What a container holds.
struct WeightContents {
  std::vector<WeightStorage> storages;
  std::vector<WeightTensor> tensors;
  std::map<std::string, std::string> metadata = {};
};

/// Refuses, with an Error that names `file`, a tensor that reaches outside its storage of
/// `storage_values` values, or whose strides repeat few values into a huge tensor.
void check_layout(const WeightTensor& tensor, uint64_t storage_values, const std::string& file);

/// The values of `tensor`, row-major, to `out`, which has room for its size_bytes().
void gather(const WeightTensor& tensor, const WeightStorage& storage, std::byte* out);

}  // namespace mra
