#pragma once

#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// JSON pointers whose values differ, or that only one side has; sorted. Both sides are flat: one
/// object from pointer to value, as Json::flatten() makes it.
std::vector<std::string> differing_pointers(const Json& left, const Json& right);

}  // namespace mra
