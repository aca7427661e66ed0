#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mra {

/// A contiguous block of values in a weight file. Several tensors may share it.
struct WeightStorage {
  std::span<const std::byte> bytes;              ///< as stored in the file
  std::optional<uint32_t> crc32 = std::nullopt;  ///< checksum of the values, if the file has one
  std::string name = {};                         ///< for messages
  std::optional<size_t> inflated_bytes =
      std::nullopt;  ///< size of the values, if `bytes` are deflated
};

/// One tensor of a weight file, without its values.
struct WeightTensor {
  std::vector<std::string> path;  ///< keys from the outermost object; empty: the file is one tensor
  std::string dtype;              ///< as in safetensors: "F32"; also "C32" and "C128"
  std::vector<int64_t> shape;     ///< empty: a single value
  std::vector<int64_t> strides;   ///< in values
  size_t storage = 0;             ///< index into the file's storages
  int64_t offset = 0;             ///< of the first value, in values of the storage

  /// The path joined by dots.
  std::string name() const;
  int64_t count() const;  ///< number of values
  size_t size_bytes() const;
  bool contiguous() const;  ///< row-major, without gaps
};

/// A tensor whose values are not read.
struct SkippedTensor {
  std::vector<std::string> path;
  std::string kind;  ///< why: "sparse"

  std::string name() const;  ///< the path joined by dots
};

/// The content of a container.
struct WeightContents {
  std::vector<WeightStorage> storages;
  std::vector<WeightTensor> tensors;
  std::vector<SkippedTensor> skipped = {};
  std::map<std::string, std::string> metadata = {};
};

/// Returns the bits of one value of a type; 0 for an unknown type. "C32", "C128" and the quantised
/// "Q8" and "Q32" exist only in PyTorch: safetensors does not have them.
size_t bits_of_dtype(const std::string& dtype);
/// Whether safetensors has the type.
bool is_safetensors_dtype(const std::string& dtype);
/// Returns the bytes of one value; 0 for an unknown type, or for one smaller than a byte.
size_t bytes_of_dtype(const std::string& dtype);

/// Throws an Error naming `file` when a tensor reaches outside its storage of `storage_values`
/// values, or repeats its values so often that it would be huge in memory.
void check_layout(const WeightTensor& tensor, uint64_t storage_values, const std::string& file);

/// Copies the values of `tensor`, row-major, to `out`, which has room for its size_bytes().
void gather(const WeightTensor& tensor, std::span<const std::byte> storage, std::byte* out);

}  // namespace mra
