#pragma once

#include "harness/base/library_versions.h"

namespace mra {

/// Of the libraries that only this layer links: SQLite and SQLiteCpp.
LibraryVersions store_libraries();

}  // namespace mra
