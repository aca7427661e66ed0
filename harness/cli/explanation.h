#pragma once

#include <string>

#include "harness/cli/cell_place.h"
#include "harness/cli/context.h"
#include "harness/store/result_store.h"

namespace mra {

/// The way from printed figures to what they rest on: {"table", "title", "row", "scale", "note",
/// "cells": [what the paper prints and whose figure that is, what was measured], "experiments":
/// [each value of the spec with the file that wrote it, the runs it starts from, its own runs with
/// seed, directory, environment, data set, curve ends]}.
Json explanation(const Context& context, const ResultStore& store, const CellPlace& place,
                 const Selection& selection);

/// The same as people read it, in lines of at most `width` columns (0: any).
std::string explanation_text(const Json& explained, size_t width);

}  // namespace mra
