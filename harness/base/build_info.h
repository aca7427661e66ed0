#pragma once

#include <string>

namespace mra {

/// How this program was built. Every record of a run contains it.
struct BuildInfo {
  std::string version;   ///< "0.1.0"
  std::string commit;    ///< git commit of the source; empty: not a git checkout
  bool dirty = false;    ///< the source had uncommitted changes
  std::string compiler;  ///< "GNU 12.2.0"
  std::string flags;
  std::string build_type;  ///< "Release"
  /// The uncommitted changes outside tests/: names of new files, then the output of `git diff
  /// HEAD`. Empty when there are none. When the text was shortened, its first line says so.
  std::string patch;
};

BuildInfo build_info();

}  // namespace mra
