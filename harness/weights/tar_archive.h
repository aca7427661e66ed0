#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace mra {

/// Whether `bytes` start like a tar archive.
bool is_tar(std::span<const std::byte> bytes);

/// Returns the regular files of an uncompressed tar archive by name, as views of its memory. Throws
/// an Error naming `file` for a damaged header, a member past the end or a missing end mark.
std::map<std::string, std::span<const std::byte>> read_tar(std::span<const std::byte> archive,
                                                           const std::string& file);

}  // namespace mra
