// The part of the stack machine that makes containers and stands in for calls.
#include <fmt/format.h>

#include "harness/weights/pickle_globals.h"
#include "harness/weights/pickle_machine.h"
#include "harness/weights/utf8.h"

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
  if (list.kind == Kind::kObject) return true;  // inert, with all that it holds
  if (list.kind != Kind::kList) bytes_.refuse("appends to what is no list");
  store(list.items, items);
  return true;
}

bool PickleMachine::set_items(const Ids& pairs) {
  PickleValue& dict = value(top());
  if (dict.kind == Kind::kObject) return true;
  if (dict.kind != Kind::kDict) bytes_.refuse("sets an entry of what is no dictionary");
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

/// Two lines, module and name. They are kept as one text, which lies in the file as it is.
bool PickleMachine::global() {
  const std::string_view module = bytes_.take_line();
  const std::string_view name = bytes_.take_line();
  const std::string_view both(module.data(), module.size() + 1 + name.size());
  if (!use_of_global(both))
    refuse_weights(bytes_.file(),
                   fmt::format("names {}.{}, which is not among the few classes that weights need",
                               printable(module), printable(name)),
                   "save the weights alone, by torch.save(model.state_dict(), FILE); a file of "
                   "unknown origin may be an attack");
  return push({Kind::kGlobal, 0, both});
}

/// REDUCE and NEWOBJ: what the call would make, if it is known without calling.
bool PickleMachine::call() {
  const Ids both = pop(2);
  const PickleValue& callee = value(both[0]);
  if (callee.kind != Kind::kGlobal || value(both[1]).kind != Kind::kTuple)
    bytes_.refuse("calls what is no function");
  const Ids& arguments = value(both[1]).items;
  switch (*use_of_global(callee.text)) {
    case GlobalUse::kDict:
      return push(make_dict(arguments));
    case GlobalUse::kTensor:
      return push(make_tensor(arguments));
    case GlobalUse::kParameter:
      return push_container(Kind::kParameter,
                            arguments.empty() ? arguments : Ids{arguments.front()});
    case GlobalUse::kInert:
      return push({Kind::kObject});
    case GlobalUse::kName:
      break;
  }
  bytes_.refuse("calls a type of values");
}

PickleValue PickleMachine::make_tensor(const Ids& arguments) {
  if (arguments.size() < 4) bytes_.refuse("rebuilds a tensor of too few arguments");
  PickleValue made{Kind::kTensor};
  store(made.items, {arguments.begin(), arguments.begin() + 4});
  return made;
}

/// A dictionary of its entries; Python 2 gives an OrderedDict a list of pairs.
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
    if (!whole) bytes_.refuse("makes a dictionary of what are no pairs");
    const Kind key = value(pair.items[0]).kind;
    if (key == Kind::kList || key == Kind::kDict)
      bytes_.refuse("has a list or dictionary as a key");
    store(dict.items, pair.items);
  }
}

/// Gives an object its state. Tensors of the oldest PyTorch get their data this way.
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
  } else if (object.kind != Kind::kDict) {  // attributes of a dictionary are of no interest
    bytes_.refuse("gives a state to what has none");
  }
  return true;
}

}  // namespace mra
