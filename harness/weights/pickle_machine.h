#pragma once

#include <vector>

#include "harness/weights/byte_cursor.h"
#include "harness/weights/pickle_tree.h"

namespace mra {

/// A pickle is a program for a stack machine. This machine runs it, but never calls a function.
class PickleMachine {
 public:
  explicit PickleMachine(ByteCursor& bytes) : bytes_(bytes) {}

  PickleTree run();

 private:
  using Kind = PickleValue::Kind;
  using Ids = std::vector<PickleId>;

  PickleId add(PickleValue value);
  bool push(PickleId id);
  bool push(PickleValue value) { return push(add(std::move(value))); }
  bool push_int(int64_t number) { return push({Kind::kInt, number}); }
  bool push_container(Kind kind, const Ids& items);

  /// The lowest stack position that may be popped: the last mark.
  size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  PickleId pop();
  Ids pop(size_t count);
  Ids pop_to_mark();
  PickleId top();
  PickleValue& value(PickleId id) { return tree_.values[id]; }

  /// Adds items to a container. Throws when all containers together have too many.
  void store(Ids& items, const Ids& more);

  // Each executes the opcode if it belongs to its group, and returns whether it does.
  bool constant(uint8_t opcode);
  bool text(uint8_t opcode);
  bool container(uint8_t opcode);
  bool memo(uint8_t opcode);
  bool reference(uint8_t opcode);
  bool stack_change(uint8_t opcode);

  // The actions of single opcodes. They return true, so that the functions above can return it.
  bool protocol();
  bool long_number(int64_t size);
  bool number_line();
  bool push_text(std::string_view text, bool python2);
  bool quoted_line();

  bool put(uint64_t index);
  bool get(uint64_t index);
  uint64_t index_line();

  bool set_items(const Ids& pairs);
  bool append(const Ids& items);
  void add_pairs(PickleValue& dict, const PickleValue& from);

  bool global();
  bool call();
  bool build();
  PickleValue result_of(std::string_view global, const Ids& arguments);
  PickleValue make_tensor(const Ids& arguments, bool typed);
  PickleValue make_bytes(const Ids& arguments);
  PickleValue make_from_type(const Ids& arguments);
  bool is_lazy(const Ids& arguments, size_t metadata_at) const;
  PickleValue make_dict(const Ids& arguments);

  ByteCursor& bytes_;
  PickleTree tree_;
  Ids stack_;
  std::vector<size_t> marks_;
  std::vector<PickleId> memo_;
  size_t references_ = 0;
};

}  // namespace mra
