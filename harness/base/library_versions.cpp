#include "harness/base/library_versions.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace mra {

LibraryVersions base_libraries() {
  return {{"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100,
                              FMT_VERSION % 100)},
          {"openssl", OpenSSL_version(OPENSSL_VERSION_STRING)}};
}

}  // namespace mra
