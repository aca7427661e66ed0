#include "harness/weights/pickle_tree.h"

namespace mra {

const PickleValue* PickleTree::find(const PickleValue& dict, std::string_view key) const {
  using Kind = PickleValue::Kind;
  if (dict.kind != Kind::kDict) return nullptr;
  for (size_t i = 0; i + 1 < dict.items.size(); i += 2)
    if (at(dict.items[i]).kind == Kind::kText && at(dict.items[i]).text == key)
      return &at(dict.items[i + 1]);
  return nullptr;
}

}  // namespace mra
