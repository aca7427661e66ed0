#pragma once

#include <string>
#include <string_view>

namespace mra {

/// Whether `text` is well-formed UTF-8: no overlong form, surrogate or value past U+10FFFF.
bool is_utf8(std::string_view text);

/// `text` for an error message: at most 60 bytes of printable ASCII, all else as '?'.
std::string printable(std::string_view text);

}  // namespace mra
