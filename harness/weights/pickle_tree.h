#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace mra {

/// Index of a value in its tree.
using PickleId = uint32_t;

/// One value that a pickle describes. Nothing in it was ever called.
struct PickleValue {
  enum class Kind : uint8_t {
    kNone,
    kBool,
    kInt,
    kFloat,       ///< number: the bits of the double
    kOther,       ///< a whole number beyond 64 bits
    kText,        ///< UTF-8
    kBytes,       ///< bytes, or text that is no well-formed UTF-8
    kEncoded,     ///< bytes, as the UTF-8 text whose letters have their values
    kTuple,       ///< items
    kList,        ///< items
    kDict,        ///< items: key, value, key, value, …
    kGlobal,      ///< text: module, newline, name; always one of the allow-list
    kPersistent,  ///< items: the id, which stands for something outside of the pickle
    kTensor,      ///< items: storage, offset, sizes, strides, and the type where it is given apart
    kSkipped,     ///< a tensor that is not read; text: its kind
    kParameter,   ///< items: the tensor; none when its state never came
    kObject,      ///< its content is not used; items: its state, if it has one
  };
  Kind kind = Kind::kNone;
  int64_t number = 0;
  std::string_view text = {};
  std::vector<PickleId> items = {};
};

/// The values of one pickle. They refer to each other by index, so a tree of any depth, or one that
/// contains itself, is freed without recursion. Texts lie in the bytes that were read.
struct PickleTree {
  std::deque<PickleValue> values;
  PickleId root = 0;

  const PickleValue& at(PickleId id) const { return values[id]; }
  const PickleValue& top() const { return values[root]; }
  /// The value of a text key of a dictionary; null when it has none.
  const PickleValue* find(const PickleValue& dict, std::string_view key) const;
};

}  // namespace mra
