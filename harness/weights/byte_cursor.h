#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace mra {

static_assert(std::endian::native == std::endian::little, "weight files are little-endian");

/// Advice for a file that contains more than weights.
inline constexpr const char* kSaveWeightsAlone =
    "save the weights alone, by torch.save(model.state_dict(), FILE)";

/// Shortens text from a file for an error message: its first 60 bytes, safe on a terminal.
std::string brief(std::string_view text);

/// Throws an Error of kind kIntegrity for a damaged `file`; `what` says what is wrong with it.
[[noreturn]] void refuse_weights(const std::string& file, const std::string& what);
[[noreturn]] void refuse_weights(const std::string& file, const std::string& what,
                                 const std::string& cure);

/// Reads a part of a file from its start. It never reads past its end.
class ByteCursor {
 public:
  /// `part` names the bytes in errors: "its pickle", "its member tensors".
  ByteCursor(std::span<const std::byte> bytes, std::string file, std::string part)
      : bytes_(bytes), file_(std::move(file)), part_(std::move(part)) {}

  size_t at() const { return at_; }
  size_t left() const { return bytes_.size() - at_; }
  const std::string& file() const { return file_; }
  std::span<const std::byte> rest() const { return bytes_.subspan(at_); }

  std::span<const std::byte> take(uint64_t count);
  std::string_view take_text(uint64_t count);
  /// Returns the text up to the next newline, and skips the newline.
  std::string_view take_line();

  /// Reads a little-endian number.
  template <typename T>
  T take_number() {
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }

  /// Calls refuse_weights() with the part and the position before `what`.
  [[noreturn]] void refuse(const std::string& what) const;
  [[noreturn]] void refuse(const std::string& what, const std::string& cure) const;

 private:
  std::span<const std::byte> bytes_;
  std::string file_, part_;
  size_t at_ = 0;
};

}  // namespace mra
