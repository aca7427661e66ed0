#pragma once

#include <filesystem>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Checks what resolved specs say to methods, models, tasks and evaluators, and published weights.
/// Returns the errors: [{"spec": its index, "kind", "where", "what", "fix"}]. Absent data sets and
/// weights are not errors. `specs`: [{"name", "spec"}, …].
Json wrong_options(const Json& specs, const std::vector<std::filesystem::path>& data_dirs);

/// Returns JSON Schemas of the options of what specs can name, by the key that names it:
/// {"image_transforms": {"cutout": …}, …, "model", "task_options": {"supervised": …}, …}.
Json option_schemas();

}  // namespace mra
