#include "harness/data/checksums.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/hash.h"

namespace mra {

namespace fs = std::filesystem;

/// Returns the checksum of a file by the method that `expected` begins with ("md5:…").
static std::string checksum_like(const std::string& expected, const fs::path& path,
                                 const std::string& where) {
  if (expected.starts_with("md5:")) return "md5:" + md5_file(path);
  if (expected.starts_with("sha256:")) return "sha256:" + sha256_file(path);
  if (expected.starts_with("git:")) return "git:" + git_blob_name(path);
  fail(ErrorKind::kUsage, where, fmt::format("unknown checksum '{}'", expected),
       "write \"md5:…\", \"sha256:…\" or \"git:…\"");
}

int64_t compare_checksums(const Json& checksums, const Folders& data_dirs) {
  int64_t compared = 0;
  for (const auto& [file, value] : checksums.items()) {
    const std::string where = "datasets.json: checksums/" + file;
    check(value.is_string(), ErrorKind::kUsage, where, "is not a string", "write \"md5:…\"");
    const std::string expected = value.get<std::string>();
    for (const fs::path& dir : data_dirs) {
      std::error_code ignored;
      if (!fs::is_regular_file(dir / file, ignored)) continue;
      const std::string found = checksum_like(expected, dir / file, where);
      check(found == expected, ErrorKind::kIntegrity, (dir / file).string(),
            fmt::format("has the checksum {}, expected {}", found, expected),
            "download this file again");
      ++compared;
      break;
    }
  }
  return compared;
}

}  // namespace mra
