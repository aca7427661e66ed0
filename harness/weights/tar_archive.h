#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace mra {

/// Whether `bytes` begin as a tar archive does.
bool is_tar(std::span<const std::byte> bytes);

/// The plain files of an uncompressed tar archive by name, in the archive's own memory. A damaged
/// header, a member past the end, or an archive without its end is an Error that names `file`.
std::map<std::string, std::span<const std::byte>> read_tar(std::span<const std::byte> archive,
                                                           const std::string& file);

}  // namespace mra
