#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace mra {

/// A member that is stored as it is.
struct ZipMember {
  std::span<const std::byte> bytes;  ///< in the archive's own memory
  uint32_t crc32 = 0;                ///< as the archive says; not checked
};

/// The members of a zip archive (ZIP64 too) by name. Sizes, places and names
/// are checked against the archive and against each member's own header; a compressed or encrypted
/// member, or two of one name, is refused with an Error that names `file`.
std::map<std::string, ZipMember> read_zip(std::span<const std::byte> archive,
                                          const std::string& file);

/// CRC-32 of `bytes`, continued from `before`.
uint32_t crc32(std::span<const std::byte> bytes, uint32_t before = 0);

}  // namespace mra
