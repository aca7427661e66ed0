// The part of PickleMachine that makes containers and computes the results of known calls.
#include <fmt/format.h>

#include "harness/weights/pickle_globals.h"
#include "harness/weights/pickle_machine.h"

namespace mra {

bool PickleMachine::container(uint8_t opcode) {
  switch (opcode) {
    case ']':
      return push({Kind::kList});
    case '}':
      return push({Kind::kDict});
    case ')':
      return push({Kind::kTuple});
    case 't':
      return push_container(Kind::kTuple, pop_to_mark());
    case 0x85:
      return push_container(Kind::kTuple, pop(1));
    case 0x86:
      return push_container(Kind::kTuple, pop(2));
    case 0x87:
      return push_container(Kind::kTuple, pop(3));
    case 'l':
      return push_container(Kind::kList, pop_to_mark());
    case 'd': {
      const Ids pairs = pop_to_mark();
      push({Kind::kDict});
      return set_items(pairs);
    }
    case 'a':
      return append(pop(1));
    case 'e':
      return append(pop_to_mark());
    case 's':
      return set_items(pop(2));
    case 'u':
      return set_items(pop_to_mark());
    default:
      return false;
  }
}

bool PickleMachine::append(const Ids& items) {
  PickleValue& list = value(top());
  if (list.kind == Kind::kObject) return true;  // the content of an object is not used
  if (list.kind != Kind::kList) bytes_.refuse("appends to a value that is not a list");
  store(list.items, items);
  return true;
}

bool PickleMachine::set_items(const Ids& pairs) {
  PickleValue& dict = value(top());
  if (dict.kind == Kind::kObject) return true;
  if (dict.kind != Kind::kDict) bytes_.refuse("sets an entry of a value that is not a dictionary");
  if (pairs.size() % 2 != 0) bytes_.refuse("has a key without a value");
  for (size_t i = 0; i < pairs.size(); i += 2)
    if (const Kind key = value(pairs[i]).kind; key == Kind::kList || key == Kind::kDict)
      bytes_.refuse("has a list or dictionary as a key");
  store(dict.items, pairs);
  return true;
}

bool PickleMachine::reference(uint8_t opcode) {
  switch (opcode) {
    case 'c':
      return global();
    case 'R':
    case 0x81:
      return call();
    case 'b':
      return build();
    case 'Q':
      return push_container(Kind::kPersistent, pop(1));
    case 'P': {
      push_text(bytes_.take_line(), false);
      return push_container(Kind::kPersistent, pop(1));
    }
    default:
      return false;
  }
}

/// Reads two lines, module and name, and keeps them as one text in the memory of the file.
bool PickleMachine::global() {
  const std::string_view module = bytes_.take_line();
  const std::string_view name = bytes_.take_line();
  const std::string_view both(module.data(), module.size() + 1 + name.size());
  if (!use_of_global(both))
    refuse_weights(bytes_.file(),
                   fmt::format("holds an object of the class or function {}.{}; no code is run to "
                               "read a file, so only tensors and plain values can be read",
                               brief(module), brief(name)),
                   kSaveWeightsAlone);
  return push({Kind::kGlobal, 0, both});
}

/// REDUCE and NEWOBJ: pushes the result of a known call, without calling anything.
bool PickleMachine::call() {
  const Ids both = pop(2);
  const PickleValue& callee = value(both[0]);
  if (callee.kind != Kind::kGlobal || value(both[1]).kind != Kind::kTuple)
    bytes_.refuse("calls a value that is not a function");
  return push(result_of(callee.text, value(both[1]).items));
}

PickleValue PickleMachine::result_of(std::string_view global, const Ids& arguments) {
  switch (*use_of_global(global)) {
    case GlobalUse::kDict:
      return make_dict(arguments);
    case GlobalUse::kTensor:
      return make_tensor(arguments, /*typed=*/false);
    case GlobalUse::kTyped:
      return make_tensor(arguments, /*typed=*/true);
    case GlobalUse::kFromType:
      return make_from_type(arguments);
    case GlobalUse::kSkipped:
      return {Kind::kSkipped, 0, kind_of_skipped(global)};
    case GlobalUse::kParameter: {
      PickleValue made{Kind::kParameter};
      if (!arguments.empty()) store(made.items, {arguments.front()});
      return made;
    }
    case GlobalUse::kBytes:
      return make_bytes(arguments);
    case GlobalUse::kInert:
      return {Kind::kObject};
    case GlobalUse::kName:
      break;
  }
  bytes_.refuse("calls a type, which makes no value here");
}

/// Whether the stored values must be negated or conjugated before use. The metadata, the last
/// argument, say this.
bool PickleMachine::is_lazy(const Ids& arguments, size_t metadata_at) const {
  if (arguments.size() <= metadata_at) return false;
  const PickleValue& metadata = tree_.at(arguments[metadata_at]);
  const auto has = [&](const char* key) {
    const PickleValue* bit = tree_.find(metadata, key);
    return bit != nullptr && bit->kind == Kind::kBool && bit->number != 0;
  };
  return has("conj") || has("neg");
}

/// Arguments: storage, offset, sizes, strides, requires_grad, hooks, the type if `typed`, metadata.
PickleValue PickleMachine::make_tensor(const Ids& arguments, bool typed) {
  constexpr size_t kType = 6;
  if (arguments.size() < (typed ? kType + 1 : 4))
    bytes_.refuse("makes a tensor from too few arguments");
  if (is_lazy(arguments, typed ? kType + 1 : kType))
    return {Kind::kSkipped, 0, "stored without its conjugation or negation"};
  PickleValue made{Kind::kTensor};
  store(made.items, {arguments.begin(), arguments.begin() + 4});
  if (!typed) return made;
  const PickleValue& type = value(arguments[kType]);
  if (type.kind != Kind::kGlobal) bytes_.refuse("makes a tensor without a type");
  if (dtype_of_type(type.text).empty())
    return {Kind::kSkipped, 0, type.text.substr(type.text.find('\n') + 1)};
  store(made.items, {arguments[kType]});
  return made;
}

/// Makes bytes from text: Python 3 writes bytes as text whose code points are the byte values.
PickleValue PickleMachine::make_bytes(const Ids& arguments) {
  const bool text = !arguments.empty() && value(arguments[0]).kind == Kind::kText;
  return {Kind::kEncoded, 0, text ? value(arguments[0]).text : std::string_view()};
}

/// Makes a tensor of a subclass or with attributes. Arguments: function, class, arguments of the
/// function, attributes.
PickleValue PickleMachine::make_from_type(const Ids& arguments) {
  const bool whole = arguments.size() >= 3 && value(arguments[0]).kind == Kind::kGlobal &&
                     value(arguments[2]).kind == Kind::kTuple;
  if (!whole || *use_of_global(value(arguments[0]).text) == GlobalUse::kFromType)
    bytes_.refuse("makes a tensor without naming the function for it");
  return result_of(value(arguments[0]).text, value(arguments[2]).items);
}

/// Makes a dictionary from its entries; Python 2 passes an OrderedDict as a list of pairs.
PickleValue PickleMachine::make_dict(const Ids& arguments) {
  PickleValue made{Kind::kDict};
  for (const PickleId id : arguments) {
    const PickleValue& from = value(id);
    if (from.kind == Kind::kDict) store(made.items, from.items);
    if (from.kind == Kind::kList) add_pairs(made, from);
  }
  return made;
}

void PickleMachine::add_pairs(PickleValue& dict, const PickleValue& from) {
  for (const PickleId id : from.items) {
    const PickleValue& pair = value(id);
    const bool whole =
        (pair.kind == Kind::kList || pair.kind == Kind::kTuple) && pair.items.size() == 2;
    if (!whole) bytes_.refuse("makes a dictionary of values that are not pairs");
    const Kind key = value(pair.items[0]).kind;
    if (key == Kind::kList || key == Kind::kDict)
      bytes_.refuse("has a list or dictionary as a key");
    store(dict.items, pair.items);
  }
}

/// Sets the state of an object. The oldest versions of PyTorch store the data of tensors this way.
bool PickleMachine::build() {
  const PickleId state = pop();
  PickleValue& object = value(top());
  const PickleValue& from = value(state);
  const bool tuple = from.kind == Kind::kTuple;
  if (object.kind == Kind::kObject) {
    object.items = {state};
  } else if (object.kind == Kind::kParameter) {
    if (tuple && from.items.size() == 5) object.items = {from.items[0]};
  } else if (object.kind == Kind::kTensor) {
    if (tuple && from.items.size() == 4) object.items = Ids(from.items);
  } else if (object.kind != Kind::kDict) {  // attributes of a dictionary are ignored
    bytes_.refuse("sets the state of a value that cannot have one");
  }
  return true;
}

}  // namespace mra
