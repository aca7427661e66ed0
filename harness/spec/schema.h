#pragma once

#include "harness/spec/library.h"

namespace mra {

/// JSON Schema (draft 7) of every file in a folder of experiments, except policies: which kind of
/// file one is follows from its keys. It is made by the readers themselves. `dataset`: of an object
/// with the options of any kind of data set; `input`: of "input". `options`: those of methods,
/// evaluators, models and tasks, by the keys of a spec that name them, "model" and "task_options";
/// null: not described, as their readers belong to the worker.
Json experiments_schema(const SpecLibrary& library, const Json& dataset, const Json& input,
                        const Json& options);

}  // namespace mra
