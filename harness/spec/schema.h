#pragma once

#include "harness/spec/library.h"

namespace mra {

/// JSON Schema (draft 7) of every file in a folder of experiments, except policies: which kind of
/// file one is follows from its keys. It is made by the readers themselves. `dataset`: of an object
/// with the options of any kind of data set; `input`: of "input". `options`: those of methods,
/// evaluators and models, by the lists of a spec that name them and "model"; null: not described,
/// as their readers belong to the worker. Nor are those of tasks.
Json experiments_schema(const SpecLibrary& library, const Json& dataset, const Json& input,
                        const Json& options);

}  // namespace mra
