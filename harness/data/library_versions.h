#pragma once

#include "harness/base/library_versions.h"

namespace mra {

/// Of the libraries that this layer and those below it link: OpenCV, libjpeg, libpng, fmt, …
LibraryVersions data_libraries();

}  // namespace mra
