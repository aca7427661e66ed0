#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace mra {

/// A file mapped into memory. The system reads each page when it is first used.
class MappedFile {
 public:
  /// Throws an Error of kind kIntegrity naming a file that is absent, empty or not a regular file.
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
