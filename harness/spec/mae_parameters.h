#pragma once

#include <cstdint>

#include "harness/spec/spec_reader.h"

namespace mra {

/// How many trainable parameters the masked autoencoder of a spec's "model" has. Position tables
/// are fixed, so they do not count; nor do heads, which only split a width.
int64_t mae_parameters(SpecReader model);

}  // namespace mra
