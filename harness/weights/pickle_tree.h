#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace mra {

/// Index of a value in PickleTree::values.
using PickleId = uint32_t;

/// One value that a pickle describes. No function is called to make it.
struct PickleValue {
  enum class Kind : uint8_t {
    kNone,
    kBool,
    kInt,
    kFloat,       ///< number: the bits of the double
    kOther,       ///< an integer of more than 64 bits
    kText,        ///< UTF-8
    kBytes,       ///< bytes, or text that is not valid UTF-8
    kEncoded,     ///< bytes, stored as UTF-8 text whose code points are the byte values
    kTuple,       ///< items
    kList,        ///< items
    kDict,        ///< items: key, value, key, value, …
    kGlobal,      ///< text: module, newline, name; always one on the allow-list
    kPersistent,  ///< items: the id of something outside the pickle
    kTensor,      ///< items: storage, offset, sizes, strides, and the type if given separately
    kSkipped,     ///< a tensor of a kind that is not read; text: the kind
    kParameter,   ///< items: the tensor; none if its state was never set
    kObject,      ///< its content is not used; items: its state, if it has one
  };
  Kind kind = Kind::kNone;
  int64_t number = 0;
  std::string_view text = {};
  std::vector<PickleId> items = {};
};

/// The values of one pickle. They refer to each other by index, so that a tree of any depth, or one
/// that contains itself, is freed without recursion. Text refers to the bytes that were read.
struct PickleTree {
  std::deque<PickleValue> values;
  PickleId root = 0;

  const PickleValue& at(PickleId id) const { return values[id]; }
  const PickleValue& top() const { return values[root]; }
  /// Returns the value of a text key of a dictionary; null when the key is absent.
  const PickleValue* find(const PickleValue& dict, std::string_view key) const;
};

}  // namespace mra
