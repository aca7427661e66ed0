#include "harness/record/set_aside.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

namespace fs = std::filesystem;

fs::path name_aside(const fs::path& path) {
  fs::path aside = path.string() + ".damaged";
  for (int n = 2; fs::exists(aside); ++n) aside = fmt::format("{}.damaged{}", path.string(), n);
  return aside;
}

fs::path set_aside(const fs::path& path) {
  const fs::path aside = name_aside(path);
  std::error_code error;
  fs::rename(path, aside, error);
  check(!error, ErrorKind::kEnvironment, path.string(),
        fmt::format("is damaged and cannot be renamed: {}", error.message()),
        "move it away, and check that the workspace is writable");
  return aside;
}

}  // namespace mra
