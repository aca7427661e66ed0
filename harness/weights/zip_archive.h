#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mra {

/// A member of an archive.
struct ZipMember {
  std::span<const std::byte> bytes;  ///< in the archive's own memory
  uint32_t crc32 = 0;                ///< as the archive says; not checked; 0: perhaps not computed
  size_t size_bytes = 0;             ///< once inflated
  bool deflated = false;             ///< else `bytes` are the content itself
};

/// The members of a zip archive (ZIP64 too) by name. Sizes, places and names
/// are checked against the archive and against each member's own header; an encrypted member, one
/// that is compressed otherwise than by deflate, or two of one name, are refused with an Error that
/// names `file`. Bytes behind the archive are left alone, up to 64 KiB of them.
std::map<std::string, ZipMember> read_zip(std::span<const std::byte> archive,
                                          const std::string& file);

/// The `size_bytes` bytes that `deflated` stand for; nothing when they are damaged or not so many.
std::optional<std::vector<std::byte>> inflate(std::span<const std::byte> deflated,
                                              size_t size_bytes);

/// CRC-32 of `bytes`, continued from `before`.
uint32_t crc32(std::span<const std::byte> bytes, uint32_t before = 0);

}  // namespace mra
