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
  std::span<const std::byte> bytes;              ///< as they lie in the file
  std::optional<uint32_t> crc32 = std::nullopt;  ///< what the file says it is, of the values
  std::string name = {};                         ///< for errors
  std::optional<size_t> inflated_bytes =
      std::nullopt;  ///< of the values, when `bytes` are deflated
};

/// One tensor of a weight file, described without a look at its values.
struct WeightTensor {
  std::vector<std::string> path;  ///< keys from the outermost object; empty: the file is a tensor
  std::string dtype;              ///< as in safetensors: "F32"; also "C32" and "C128"
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

/// A tensor whose values are not read.
struct SkippedTensor {
  std::vector<std::string> path;
  std::string kind;  ///< why: "sparse"

  std::string name() const;  ///< the path joined by dots
};

/// What a container holds.
struct WeightContents {
  std::vector<WeightStorage> storages;
  std::vector<WeightTensor> tensors;
  std::vector<SkippedTensor> skipped = {};
  std::map<std::string, std::string> metadata = {};
};

/// Bits of one value of a type; 0 for an unknown one. "C32", "C128" and the quantised "Q8" and
/// "Q32" are of PyTorch alone: safetensors does not have them.
size_t bits_of_dtype(const std::string& dtype);
/// Whether safetensors has the type.
bool is_safetensors_dtype(const std::string& dtype);
/// Bytes of one value; 0 for an unknown type, or one of less than a byte.
size_t bytes_of_dtype(const std::string& dtype);

/// Refuses, with an Error that names `file`, a tensor that reaches outside its storage of
/// `storage_values` values, or that repeats its values so often that it would be huge in memory.
void check_layout(const WeightTensor& tensor, uint64_t storage_values, const std::string& file);

/// The values of `tensor`, row-major, to `out`, which has room for its size_bytes().
void gather(const WeightTensor& tensor, std::span<const std::byte> storage, std::byte* out);

}  // namespace mra
