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

/// Returns an uncompressed tar archive (POSIX ustar) of files by name. The same files give the same
/// bytes: they are sorted, and have no owner and no time. Throws an Error for a name that is too
/// long for the format.
std::string write_tar(const std::map<std::string, std::string>& files);

}  // namespace mra
