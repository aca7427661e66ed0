#pragma once

#include "harness/spec/spec_reader.h"

namespace mra {

/// {"name": …} stands for the entry of that name in `known`, the object of datasets.json, changed
/// by the rest. A data set made from another one names that the same way, under "of". What says
/// nothing of the pictures, "note" and "checksums", is left out.
Json full_dataset(SpecReader dataset, const Json& known);

}  // namespace mra
