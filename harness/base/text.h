#pragma once

#include <string>
#include <string_view>
#include <vector>

// Text from outside: file names, labels, paths. It may contain any bytes.
namespace mra {

/// Whether `text` is well-formed UTF-8: no overlong form, surrogate or value past U+10FFFF.
bool is_utf8(std::string_view text);

/// Returns `text` as well-formed UTF-8: each invalid byte is replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

/// Returns `text` in a form that is safe on a terminal: control characters, marks that change the
/// writing direction, and invalid UTF-8 become escapes such as \x1b or \u202e. All text from
/// outside goes through this before it is printed.
std::string shown(std::string_view text);

/// The same for a message of several lines: line feeds are kept.
std::string shown_lines(std::string_view text);

/// "\u0416" for the UTF-8 letter Ж: how a letter is shown where no font has it.
std::string escaped_letter(std::string_view letter);

/// Makes complete output safe to print: control characters other than the few that this program
/// itself writes become escapes such as \u001b, which are valid in JSON too. This is the last
/// barrier; names already went through shown() when they entered a message.
std::string printable(std::string_view text);

/// The parts of `text` between `separator`s, empty ones left out.
std::vector<std::string> split(const std::string& text, char separator);

}  // namespace mra
