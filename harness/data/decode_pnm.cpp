#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "harness/data/decode_parts.h"

namespace mra {
namespace {

constexpr size_t kLongestNumber = 10;  // digits
constexpr int64_t kMostLevel = 65535;

bool is_blank(char letter) {
  return letter == ' ' || (letter >= '\t' && letter <= '\r');
}

/// Reads the bytes of a PNM file from the start.
class PnmCursor {
 public:
  explicit PnmCursor(std::string_view rest) : rest_(rest) {}

  std::string_view rest() const { return rest_; }

  /// Reads the next number and the blank behind it; skips comments. Nothing if there is none.
  std::optional<int64_t> number() {
    std::string digits;
    while (!rest_.empty()) {
      const char letter = rest_.front();
      rest_.remove_prefix(1);
      if (letter == '#')
        skip_comment();
      else if (!is_blank(letter))
        digits += letter;
      else if (!digits.empty())
        break;
      if (digits.size() > kLongestNumber) return std::nullopt;
    }
    if (digits.empty() || digits.find_first_not_of("0123456789") != digits.npos)
      return std::nullopt;
    return std::stoll(digits);
  }

  /// Reads the next 0 or 1 of a plain bitmap, where blanks are optional.
  std::optional<char> bit() {
    while (!rest_.empty()) {
      const char letter = rest_.front();
      rest_.remove_prefix(1);
      if (letter == '#')
        skip_comment();
      else if (!is_blank(letter))
        return letter == '0' || letter == '1' ? std::optional(letter) : std::nullopt;
    }
    return std::nullopt;
  }

 private:
  void skip_comment() {
    const size_t end = rest_.find_first_of("\r\n");
    rest_ = end == rest_.npos ? std::string_view() : rest_.substr(end + 1);
  }

  std::string_view rest_;
};

/// Decodes one file, "P1" to "P6": 1 and 4 hold bits, 2 and 5 grey, 3 and 6 colors; the first three
/// as text, the others in binary.
class PnmDecoder {
 public:
  PnmDecoder(std::string_view bytes, const std::string& where, Image& image)
      : kind_(bytes[1]), cursor_(bytes.substr(2)), where_(where), image_(image) {}

  void run() {
    cursor_.number();  // skips width and height, which are known
    cursor_.number();
    if (kind_ == '1') return decode_plain_bits();
    if (kind_ == '4') return decode_bits();
    const auto most = cursor_.number();
    if (!most || *most < 1 || *most > kMostLevel)
      refuse("whose largest value is not from 1 to 65535");
    most_ = *most;
    const bool plain = kind_ == '2' || kind_ == '3', color = kind_ == '3' || kind_ == '6';
    const size_t copies = color ? 1 : 3;
    for (size_t at = 0; at < image_.rgb.size(); at += copies)
      std::fill_n(image_.rgb.begin() + long(at), copies,
                  scaled(plain ? plain_value() : binary_value(), /*deep=*/!color && most_ > 255));
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    fail_decoding(where_, "a PNM picture " + what);
  }

  int64_t plain_value() {
    const auto value = cursor_.number();
    if (!value) refuse("that is truncated, or has a value that is not a number");
    if (*value > most_)
      refuse(fmt::format("with the value {} above the largest, {}", *value, most_));
    return *value;
  }

  int64_t binary_value() {
    const size_t size = most_ > 255 ? 2 : 1;
    const std::string_view rest = cursor_.rest().substr(binary_at_);
    if (rest.size() < size) refuse("that is truncated");
    binary_at_ += size;
    return size == 1 ? uint8_t(rest[0]) : int64_t(uint8_t(rest[0])) << 8 | uint8_t(rest[1]);
  }

  /// As in Pillow: values are scaled to 0 … 255, halves to the even neighbour. Grey of more than 8
  /// bits is scaled to 0 … 65535 and limited to 255.
  uint8_t scaled(int64_t value, bool deep) const {
    const double level = double(value) / double(most_) * (deep ? double(kMostLevel) : 255.0);
    return uint8_t(std::min(std::nearbyint(level), 255.0));
  }

  void decode_plain_bits() {
    for (size_t at = 0; at < image_.rgb.size(); at += 3) {
      const auto bit = cursor_.bit();
      if (!bit) refuse("that is truncated, or has a letter other than 0 and 1");
      std::fill_n(image_.rgb.begin() + long(at), 3, uint8_t(*bit == '1' ? 0 : 255));
    }
  }

  void decode_bits() {
    const size_t width = size_t(image_.width_px), row_bytes = (width + 7) / 8;
    if (cursor_.rest().size() < row_bytes * size_t(image_.height_px)) refuse("that is truncated");
    for (int y = 0; y < image_.height_px; ++y)
      for (size_t x = 0; x < width; ++x) {
        const auto byte = uint8_t(cursor_.rest()[size_t(y) * row_bytes + x / 8]);
        std::fill_n(image_.row(y) + 3 * x, 3, uint8_t((byte >> (7 - x % 8) & 1) != 0 ? 0 : 255));
      }
  }

  char kind_;
  PnmCursor cursor_;
  size_t binary_at_ = 0;
  int64_t most_ = 1;
  const std::string& where_;
  Image& image_;
};

}  // namespace

StatedSize pnm_size(std::string_view bytes) {
  PnmCursor cursor(bytes.substr(2));
  const auto width = cursor.number(), height = cursor.number();
  return width && height ? StatedSize{*width, *height} : StatedSize{};
}

void decode_pnm(std::string_view bytes, const std::string& where, Image& image) {
  const StatedSize size = pnm_size(bytes);
  image.resize(int(size.height_px), int(size.width_px));
  PnmDecoder(bytes, where, image).run();
}

}  // namespace mra
