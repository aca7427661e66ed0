#pragma once

#include <map>
#include <string>

namespace mra {

using LibraryVersions = std::map<std::string, std::string>;  ///< "fmt" -> "9.1.0"

/// Returns the versions of the libraries of this layer and those below: OpenCV, libjpeg, libpng, …
LibraryVersions data_libraries();

}  // namespace mra
