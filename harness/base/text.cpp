#include "harness/base/text.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace mra {

/// Returns the size in bytes of the first character of `text`; 0 when it is not well-formed UTF-8.
static size_t character(std::string_view text) {
  const auto byte = [&](size_t i) { return uint8_t(text[i]); };
  if (byte(0) < 0x80) return 1;
  const size_t size = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const bool overlong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
  const bool surrogate = byte(0) == 0xED && byte(1) > 0x9F;
  const bool too_far = byte(0) == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_far ? 0 : size;
}

/// Returns the code point of a well-formed character of up to three bytes, and 0 for four bytes: no
/// such character needs an escape.
static uint32_t code_point(std::string_view letter) {
  const auto low = [&](size_t i) { return uint32_t(uint8_t(letter[i])) & 0x3F; };
  if (letter.size() == 1) return uint8_t(letter[0]);
  if (letter.size() == 2) return (uint32_t(uint8_t(letter[0])) & 0x1F) << 6 | low(1);
  if (letter.size() == 3) return (uint32_t(uint8_t(letter[0])) & 0xF) << 12 | low(1) << 6 | low(2);
  return 0;
}

/// Whether a character moves the cursor, starts a terminal command or changes text direction.
static bool is_control(std::string_view letter) {
  const uint32_t code = code_point(letter);
  if (letter.size() == 4) return false;
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C || code == 0x200E ||
         code == 0x200F || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const size_t size = character(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

/// Replaces each character of `text` by `letter(character)`, and each byte that is not part of a
/// character by `byte(byte)`.
template <typename Letter, typename Byte>
static std::string rewritten(std::string_view text, Letter letter, Byte byte) {
  std::string out;
  while (!text.empty()) {
    const size_t size = character(text);
    out += size > 0 ? letter(text.substr(0, size)) : byte(uint8_t(text[0]));
    text.remove_prefix(size > 0 ? size : 1);
  }
  return out;
}

std::string valid_utf8(std::string_view text) {
  return rewritten(
      text, [](std::string_view letter) { return std::string(letter); },
      [](uint8_t) { return std::string("\xEF\xBF\xBD"); });
}

static std::string escaped(std::string_view letter) {
  if (!is_control(letter)) return std::string(letter);
  if (letter == "\n") return "\\n";
  if (letter == "\r") return "\\r";
  if (letter == "\t") return "\\t";
  if (letter.size() == 1) return fmt::format("\\x{:02x}", code_point(letter));
  return fmt::format("\\u{:04x}", code_point(letter));
}

std::string escaped_letter(std::string_view letter) {
  uint32_t code = uint8_t(letter[0]) & (letter.size() == 4   ? 0x07
                                        : letter.size() == 3 ? 0x0F
                                                             : 0x1F);
  for (size_t i = 1; i < letter.size(); ++i) code = code << 6 | (uint8_t(letter[i]) & 0x3F);
  return fmt::format("\\u{:04x}", code);
}

std::string shown(std::string_view text) {
  return rewritten(text, escaped, [](uint8_t byte) { return fmt::format("\\x{:02x}", byte); });
}

std::string shown_lines(std::string_view text) {
  return rewritten(
      text,
      [](std::string_view letter) { return letter == "\n" ? std::string("\n") : escaped(letter); },
      [](uint8_t byte) { return fmt::format("\\x{:02x}", byte); });
}

/// Returns the control sequence at the start of `text` if it is one that this program writes: a
/// color, "clear this line", "a line up", an end of line or a tab. Returns an empty text otherwise.
static std::string_view own_control(std::string_view text) {
  using namespace std::string_view_literals;
  for (const std::string_view own :
       {"\n"sv, "\t"sv, "\r\n"sv, "\r\033[K"sv, "\033[A"sv, "\033[0m"sv, "\033[2m"sv, "\033[31m"sv,
        "\033[32m"sv, "\033[33m"sv})
    if (text.starts_with(own)) return own;
  return {};
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view own = own_control(text);
    const size_t size = own.empty() ? std::max<size_t>(character(text), 1) : own.size();
    const std::string_view piece = text.substr(0, size);
    if (own.empty() && is_utf8(piece) && is_control(piece))
      out += fmt::format("\\u{:04x}", code_point(piece));
    else
      out += own.empty() ? valid_utf8(piece) : std::string(piece);
    text.remove_prefix(size);
  }
  return out;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace mra
