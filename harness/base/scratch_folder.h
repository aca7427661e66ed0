#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/base/error.h"

namespace mra {

/// A folder in the system's place for temporary files, gone with this object.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "harness-scratch-XXXXXX").string();
    check(mkdtemp(pattern.data()) != nullptr, ErrorKind::kEnvironment, pattern, "cannot be made",
          "set TMPDIR to a folder that can be written");
    path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace mra
