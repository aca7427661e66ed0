#pragma once

#include <string>

#include "harness/weights/pickle_tree.h"

namespace mra {

/// Throws an Error naming `file` when a big-endian machine wrote it: its values would be read as
/// wrong numbers. Also when the file does not say which byte order it has.
void check_sys_info(const PickleTree& info, const std::string& file);

}  // namespace mra
