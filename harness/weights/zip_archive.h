#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mra {

/// A member of a zip archive.
struct ZipMember {
  std::span<const std::byte> bytes;  ///< refers to the memory of the archive
  uint32_t crc32 = 0;                ///< as the archive says; not checked; 0 may mean not computed
  size_t size_bytes = 0;             ///< size after inflating
  bool deflated = false;             ///< false: `bytes` are the content itself
};

/// Returns the members of a zip archive (also ZIP64) by name. Sizes, positions and names are
/// checked against the archive and each member's own header. Throws an Error that names `file` for
/// an encrypted member, for compression other than deflate, and for two members with the same name.
/// Up to 64 KiB of bytes behind the archive are ignored.
std::map<std::string, ZipMember> read_zip(std::span<const std::byte> archive,
                                          const std::string& file);

/// Inflates `deflated`. Returns nothing when it is damaged or does not have `size_bytes` bytes.
std::optional<std::vector<std::byte>> inflate(std::span<const std::byte> deflated,
                                              size_t size_bytes);

/// Returns the CRC-32 of `bytes`, continued from `before`.
uint32_t crc32(std::span<const std::byte> bytes, uint32_t before = 0);

}  // namespace mra
