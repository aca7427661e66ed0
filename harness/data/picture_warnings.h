#pragma once

#include <mutex>
#include <set>
#include <string>

namespace mra {

/// Warnings of picture decoders, told on stderr: once for each file however often it is read, the
/// first hundred by name, and their number at the end. Any thread may call.
class PictureWarnings {
 public:
  PictureWarnings() = default;
  ~PictureWarnings();
  PictureWarnings(const PictureWarnings&) = delete;
  PictureWarnings& operator=(const PictureWarnings&) = delete;

  /// `warning` is of the picture `file`; empty: there is none.
  void tell_once(const std::string& file, const std::string& warning);

 private:
  std::mutex mutex_;
  std::set<std::string> files_;
};

}  // namespace mra
