#pragma once

#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// JSON pointers, sorted, whose values differ or that only one side has. Both sides are flat: an
/// object from pointer to value, as made by Json::flatten().
std::vector<std::string> differing_pointers(const Json& left, const Json& right);

}  // namespace mra
