#pragma once

#include <string>
#include <string_view>

// Text from outside: names in files, labels, paths. It may hold any bytes.
namespace mra {

/// Whether `text` is well-formed UTF-8: no overlong form, surrogate or value past U+10FFFF.
bool is_utf8(std::string_view text);

/// `text` as well-formed UTF-8: U+FFFD takes the place of each byte that is not.
std::string valid_utf8(std::string_view text);

/// `text` as it may be shown on a terminal: control characters, marks that change the direction of
/// writing, and bytes that are not UTF-8 become escapes such as \x1b or \u202e. All text from
/// outside goes through this before it is printed.
std::string shown(std::string_view text);

/// The same for a message of several lines: line feeds stay.
std::string shown_lines(std::string_view text);

/// What is about to be printed, whatever it is made of: controls that are not among the few that
/// this program writes itself become escapes such as \u001b, which JSON has as well. The last
/// barrier: names are shown() where they enter a message.
std::string printable(std::string_view text);

}  // namespace mra
