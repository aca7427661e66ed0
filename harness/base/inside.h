#pragma once

#include <string_view>

namespace mra {

/// Whether a name given by data, as a record, is that of a file or folder beside it.
bool is_file_name(std::string_view name);

/// Whether a path given by data, as a spec, is relative and never leaves the folder it starts from.
bool stays_inside(std::string_view path);

}  // namespace mra
