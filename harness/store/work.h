#pragma once

#include <optional>
#include <string>

#include "harness/spec/json.h"

namespace mra {

/// Hash of all that decides the time per picture: task, model, input, transforms, batch size,
/// precision, threads, kind of data. Runs of equal work differ at most in the number of pictures,
/// learning rates, schedules and seeds. `identity`: ExperimentSpec::resolved.
std::string work_of(const Json& identity);

/// Training pictures processed in all epochs together; nothing when the spec does not give them.
std::optional<double> pictures_of(const Json& identity);

}  // namespace mra
