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

/// One tensor of a weight file, still in the file's memory.
struct TensorView {
  std::string dtype;                 ///< one of is_safetensors_dtype()
  std::vector<int64_t> shape;        ///< empty: one value
  std::span<const std::byte> bytes;  ///< row-major, little-endian; of any alignment
};

/// A safetensors file, memory-mapped: tensors cost nothing until they are read.
class SafetensorsFile {
 public:
  /// Checks the whole header (sizes, ranges, overlaps, types) before anything else; an Error of
  /// kind kIntegrity that names the file and what is wrong with it.
  explicit SafetensorsFile(const std::filesystem::path& path);
  /// The same for bytes that are mapped already and outlive this; `path` is for errors.
  SafetensorsFile(const std::filesystem::path& path, std::span<const std::byte> mapped);

  const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  /// The tensor of that name; an Error with the nearest names otherwise.
  const TensorView& at(const std::string& name) const;
  const std::map<std::string, std::string>& metadata() const { return metadata_; }
  /// Name and type of tensors whose values have less than a byte each: they are not read.
  const std::map<std::string, std::string>& skipped() const { return skipped_; }

 private:
  void read(std::span<const std::byte> bytes);

  std::unique_ptr<MappedFile> file_;
  std::filesystem::path path_;
  std::map<std::string, TensorView> tensors_;
  std::map<std::string, std::string> metadata_, skipped_;
};

/// Writes `tensors` atomically, sorted by name, data aligned to 8 bytes: equal inputs, equal bytes.
void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace mra
