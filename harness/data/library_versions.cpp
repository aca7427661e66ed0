#include "harness/data/library_versions.h"

#include <cstdio>

#include <fmt/format.h>
#include <jpeglib.h>
#include <openssl/crypto.h>
#include <png.h>
#include <nlohmann/json.hpp>
#include <opencv2/core/utility.hpp>

namespace mra {

#define HARNESS_TEXT_OF(value) #value
#define HARNESS_TEXT(value) HARNESS_TEXT_OF(value)

LibraryVersions data_libraries() {
  LibraryVersions versions;
  versions["fmt"] =
      fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
  versions["openssl"] = OpenSSL_version(OPENSSL_VERSION_STRING);
#ifdef LIBJPEG_TURBO_VERSION
  versions["libjpeg"] = "turbo " HARNESS_TEXT(LIBJPEG_TURBO_VERSION);
#else
  versions["libjpeg"] = HARNESS_TEXT(JPEG_LIB_VERSION);
#endif
  versions["libpng"] = png_get_libpng_ver(nullptr);
  versions["nlohmann_json"] = fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR,
                                          NLOHMANN_JSON_VERSION_MINOR, NLOHMANN_JSON_VERSION_PATCH);
  versions["opencv"] = cv::getVersionString();
  return versions;
}

}  // namespace mra
