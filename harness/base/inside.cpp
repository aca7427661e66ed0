#include "harness/base/inside.h"

#include <algorithm>
#include <filesystem>

namespace mra {

bool is_file_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos;
}

bool stays_inside(std::string_view text) {
  const std::filesystem::path path(text);
  return !path.empty() && path.is_relative() &&
         std::find(path.begin(), path.end(), "..") == path.end();
}

}  // namespace mra
