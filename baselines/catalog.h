#pragma once

#include "harness/tasks/catalog.h"

namespace mra {

/// Adds every method, and every judge of methods, of methods.def.
void register_methods(Catalog& catalog);

}  // namespace mra
