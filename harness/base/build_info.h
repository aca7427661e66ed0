#pragma once

#include <string>

namespace mra {

/// How this program was built; part of every record.
struct BuildInfo {
  std::string version;   ///< "0.1.0"
  std::string commit;    ///< of the source, empty when it was no git checkout
  bool dirty = false;    ///< the source had changes beside that commit
  std::string compiler;  ///< "GNU 12.2.0"
  std::string flags;
  std::string build_type;  ///< "Release"
  /// What was changed since the commit: names of new files, then what `git diff HEAD` prints, of
  /// all but tests/. Empty when nothing was; says so in its first line when it was cut.
  std::string patch;
};

BuildInfo build_info();

}  // namespace mra
