#pragma once

#include <optional>
#include <string>

#include "harness/spec/experiment.h"

namespace mra {

/// Fingerprint of what happens to one picture: task, model, input, transforms, batch size,
/// precision, kind of data. Runs of the same work differ at most in how many pictures they train
/// on, in their rates and schedules and in their seeds, so a picture takes them equally long.
/// `identity`: ExperimentSpec::resolved.
std::string work_of(const Json& identity);
std::string work_of(const ExperimentSpec& experiment);

/// Training pictures processed in all epochs together. Nothing when the spec does not say.
std::optional<double> pictures_of(const Json& identity);
std::optional<double> pictures_of(const ExperimentSpec& experiment);

}  // namespace mra
