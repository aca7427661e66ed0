#pragma once

#include <string>

#include "harness/weights/pickle_tree.h"

namespace mra {

/// A dictionary's key as part of a tensor's name, written as Python prints it: text as it is, 5,
/// 0.5, None, True, (1, 'a'), b'\\xff', torch.float16. An Error that names `file` for other keys.
std::string name_of_key(const PickleTree& tree, const PickleValue& key, const std::string& file);

}  // namespace mra
