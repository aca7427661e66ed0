#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace mra {

/// A file's bytes in memory without reading it: pages come when they are touched.
class MappedFile {
 public:
  /// An Error of kind kIntegrity that names the file when it is absent, empty or no regular file.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace mra
