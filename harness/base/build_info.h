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
};

BuildInfo build_info();

}  // namespace mra
