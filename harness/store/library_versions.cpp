#include "harness/store/library_versions.h"

#include <SQLiteCpp/SQLiteCpp.h>

namespace mra {

LibraryVersions store_libraries() {
  return {{"sqlite", SQLite::getLibVersion()}, {"sqlitecpp", SQLITECPP_VERSION}};
}

}  // namespace mra
