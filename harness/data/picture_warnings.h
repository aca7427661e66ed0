#pragma once

#include <mutex>
#include <set>
#include <string>

namespace mra {

/// Reports warnings of picture decoders on stderr: once per file, by name for the first hundred
/// files, and their number at the end. Thread-safe.
class PictureWarnings {
 public:
  PictureWarnings() = default;
  ~PictureWarnings();
  PictureWarnings(const PictureWarnings&) = delete;
  PictureWarnings& operator=(const PictureWarnings&) = delete;

  /// Reports `warning` of the picture `file`; does nothing when it is empty.
  void tell_once(const std::string& file, const std::string& warning);

 private:
  std::mutex mutex_;
  std::set<std::string> files_;
};

}  // namespace mra
