#pragma once

#include "harness/tasks/catalog.h"

namespace mra {

/// Adds every method of methods.def.
void register_methods(Catalog& catalog);

}  // namespace mra
