#pragma once

#include <string_view>

namespace mra {

/// Whether a name that a record gives leads to a file in its own folder and nowhere else.
bool is_file_name(std::string_view name);

}  // namespace mra
