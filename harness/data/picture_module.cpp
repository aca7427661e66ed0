#include "harness/data/picture_module.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

namespace fs = std::filesystem;

static constexpr const char* kFile = "harness-pictures.so";

/// Returns where the library may be: beside the program, in the libexec folder of an installation,
/// in the build folder, and last in the system's library path.
static std::vector<fs::path> places() {
  std::error_code ignored;
  const fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  return {folder / kFile, folder.parent_path() / "libexec/harness" / kFile, HARNESS_PICTURES_BUILT,
          kFile};
}

DecodePicture open_picture_module(const std::vector<fs::path>& places, const std::string& where) {
  std::string reasons;
  for (const fs::path& place : places) {
    void* library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    void* function = library ? ::dlsym(library, kDecodePicture) : nullptr;
    if (function) return reinterpret_cast<DecodePicture>(function);
    const char* reason = ::dlerror();
    reasons += fmt::format("{}{}", reasons.empty() ? "" : "; ", reason ? reason : place.c_str());
  }
  fail(
      ErrorKind::kEnvironment, where,
      fmt::format("WebP and TIFF pictures need {}, which cannot be opened: {}", kFile, reasons),
      "build or install the whole program, and OpenCV's imgcodecs; or turn such pictures into PNG");
}

DecodePicture picture_module(const std::string& where) {
  static const DecodePicture decode = open_picture_module(places(), where);
  return decode;
}

}  // namespace mra
