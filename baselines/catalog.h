#pragma once

#include "harness/tasks/catalog.h"

namespace mra {

/// Adds all methods in methods.def, and all judges there.
void register_methods(Catalog& catalog);

}  // namespace mra
