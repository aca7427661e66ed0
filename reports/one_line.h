#pragma once

#include <string>

namespace mra {

/// `text` without line breaks, tabs and other control characters, which would end a row of a table:
/// a space takes the place of each.
inline std::string one_line(std::string text) {
  for (char& letter : text)
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = ' ';
  return text;
}

}  // namespace mra
