#include "harness/weights/key_name.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "harness/weights/byte_cursor.h"

namespace mra {

namespace {

using Kind = PickleValue::Kind;

constexpr size_t kMostLetters = 4096;  // nested tuples can expand to any number of them
constexpr int kMostKeyDepth = 20;

std::string name_of_float(double number) {
  const std::string text = fmt::format("{}", number);
  const bool whole = text.find_first_not_of("-0123456789") == std::string::npos;
  return whole ? text + ".0" : text;
}

std::string name_of_bytes(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes)
    text +=
        byte >= ' ' && byte <= '~' ? std::string(1, byte) : fmt::format("\\x{:02x}", uint8_t(byte));
  return fmt::format("b'{}'", text);
}

/// Decodes UTF-8 text to one byte per letter (Latin-1); each letter has at most two bytes of UTF-8.
std::string decoded(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool two = (uint8_t(text[i]) & 0xE0) == 0xC0 && i + 1 < text.size();
    bytes += two ? char(uint8_t(text[i]) << 6 | (uint8_t(text[i + 1]) & 0x3F)) : text[i];
    i += two ? 1 : 0;
  }
  return bytes;
}

class KeyName {
 public:
  KeyName(const PickleTree& tree, const std::string& file) : tree_(tree), file_(file) {}

  /// Text inside a tuple is quoted.
  std::string of(const PickleValue& key, int depth) const {
    switch (key.kind) {
      case Kind::kText:
        return depth == 0 ? std::string(key.text) : fmt::format("'{}'", key.text);
      case Kind::kBytes:
        return name_of_bytes(key.text);
      case Kind::kEncoded:
        return name_of_bytes(decoded(key.text));
      case Kind::kInt:
        return fmt::format("{}", key.number);
      case Kind::kFloat:
        return name_of_float(std::bit_cast<double>(key.number));
      case Kind::kBool:
        return key.number != 0 ? "True" : "False";
      case Kind::kNone:
        return "None";
      case Kind::kGlobal:
        return of_global(std::string(key.text));
      case Kind::kTuple:
        return of_tuple(key, depth);
      default:
        refuse_weights(file_, "has a tensor under a key that is not text, a number or a tuple",
                       "save the weights under names, by torch.save(model.state_dict(), FILE)");
    }
  }

 private:
  static std::string of_global(std::string name) {
    std::replace(name.begin(), name.end(), '\n', '.');
    return name;
  }

  std::string of_tuple(const PickleValue& key, int depth) const {
    std::string text = "(";
    for (const PickleId id : key.items) {
      if (text.size() > 1) text += ", ";
      if (depth < kMostKeyDepth) text += of(tree_.at(id), depth + 1);
      if (depth >= kMostKeyDepth || text.size() > kMostLetters)
        refuse_weights(file_, "has a tensor under a key that is too long", kSaveWeightsAlone);
    }
    return text + (key.items.size() == 1 ? ",)" : ")");
  }

  const PickleTree& tree_;
  const std::string& file_;
};

}  // namespace

std::string name_of_key(const PickleTree& tree, const PickleValue& key, const std::string& file) {
  return KeyName(tree, file).of(key, 0);
}

}  // namespace mra
