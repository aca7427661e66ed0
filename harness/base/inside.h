#pragma once

#include <string_view>

namespace mra {

/// Whether a name from untrusted data, such as a record, is a plain file name without a folder.
bool is_file_name(std::string_view name);

/// Whether a path from untrusted data, such as a spec, is relative and never leaves its folder.
bool stays_inside(std::string_view path);

}  // namespace mra
