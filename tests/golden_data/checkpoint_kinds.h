#pragma once

#include "tests/support/golden.h"

namespace mra {

/// Every tensor of a good file: container, name, type, shape, strides, sharing, values.
void check_checkpoint(const GoldenCase& golden);

/// A file that must be refused, or read within bounds, as options.expect says.
void check_hostile_checkpoint(const GoldenCase& golden);

}  // namespace mra
