#pragma once

#include <filesystem>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// What is wrong with what resolved specs say to methods, models, tasks and evaluators, and with
/// weights in files of others: [{"spec": its number, "kind", "where", "what", "fix"}]. Data sets
/// and weights that are not there are left out. `specs`: [{"name", "spec"}, …].
Json wrong_options(const Json& specs, const std::vector<std::filesystem::path>& data_dirs);

/// JSON Schemas of the options of what specs can name, under the key that names it:
/// {"image_transforms": {"cutout": …}, …, "model", "semi_supervised_methods", "few_shot_methods"}.
Json option_schemas();

}  // namespace mra
