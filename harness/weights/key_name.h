#pragma once

#include <string>

#include "harness/weights/pickle_tree.h"

namespace mra {

/// Returns a dictionary key as a part of a tensor's name, printed as in Python: plain text, 5, 0.5,
/// None, True, (1, 'a'), b'\\xff', torch.float16. Throws an Error naming `file` for other keys.
std::string name_of_key(const PickleTree& tree, const PickleValue& key, const std::string& file);

}  // namespace mra
