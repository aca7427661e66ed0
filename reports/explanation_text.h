#pragma once

#include <string>

#include "harness/spec/json.h"

namespace mra {

/// An explanation() as people read it, in lines of at most `width` columns (0: any).
std::string explanation_text(const Json& explained, size_t width);

}  // namespace mra
