#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "harness/base/mapped_file.h"
#include "harness/weights/weight_tensor.h"

namespace mra {

/// One tensor of a weight file. Its values stay in the memory of the file.
struct TensorView {
  std::string dtype;                 ///< a name that is_safetensors_dtype() accepts
  std::vector<int64_t> shape;        ///< empty: a single value
  std::span<const std::byte> bytes;  ///< row-major, little-endian; the alignment may be any
};

/// A memory-mapped safetensors file. The values of a tensor are read only when they are used.
class SafetensorsFile {
 public:
  /// Checks the whole header: sizes, ranges, overlaps, types. Throws an Error of kind kIntegrity
  /// that names the file and the problem.
  explicit SafetensorsFile(const std::filesystem::path& path);
  /// The same for bytes that are already mapped and outlive this object. `path` is for messages.
  SafetensorsFile(const std::filesystem::path& path, std::span<const std::byte> mapped);

  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  /// Returns the tensor with that name. Throws an Error with the nearest name if there is none.
  const TensorView& at(const std::string& name) const;
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  /// Names and types of tensors whose values are smaller than a byte. They are not read.
  const std::map<std::string, std::string>& skipped() const { return skipped_; }

 private:
  void read(std::span<const std::byte> bytes);

  std::unique_ptr<MappedFile> file_;
  std::filesystem::path path_;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_, skipped_;
};

/// Writes `tensors` atomically, sorted by name, aligned to 8 bytes. Equal inputs give equal bytes.
void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace mra
