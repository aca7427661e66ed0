#pragma once

#include <cstdlib>
#include <filesystem>

namespace mra {

/// The folder of real data that tests use when it is there: $HARNESS_SHARED, else "shared" beside
/// the repository. It may not exist.
inline std::filesystem::path shared_folder() {
  const char* given = std::getenv("HARNESS_SHARED");
  return given ? std::filesystem::path(given)
               : std::filesystem::path(HARNESS_SOURCE_DIR).parent_path() / "shared";
}

}  // namespace mra
