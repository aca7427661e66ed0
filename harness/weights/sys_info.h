#pragma once

#include <string>

#include "harness/weights/pickle_tree.h"

namespace mra {

/// Refuses, with an Error that names `file`, what another kind of machine wrote: the values of a
/// big-endian one would be read as other numbers.
void check_sys_info(const PickleTree& info, const std::string& file);

}  // namespace mra
