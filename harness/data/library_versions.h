#pragma once

#include "harness/base/library_versions.h"

namespace mra {

/// Returns the versions of the libraries of this layer and those below: OpenCV, libjpeg, libpng, …
LibraryVersions data_libraries();

}  // namespace mra
