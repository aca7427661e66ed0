#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace mra {

/// Returns the SHA-256 of `text` as 64 hex digits.
std::string sha256(std::string_view text);

/// Returns the SHA-256 of a file. Throws an Error that names the file when it cannot be read.
std::string sha256_file(const std::filesystem::path& path);

/// The same with MD5 (32 digits), and the name that git gives the file (40 digits). They are
/// compared with published checksums.
std::string md5_file(const std::filesystem::path& path);
std::string git_blob_name(const std::filesystem::path& path);

/// Encodes bytes as text of A-Z, a-z, 0-9, + and / (RFC 4648).
std::string base64(std::string_view bytes);

}  // namespace mra
