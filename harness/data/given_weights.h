#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/spec/weights_source.h"

namespace mra {

/// Finds a file of weights that others published by the name in a spec: in `data_dirs`, or in their
/// folders "weights". Throws an Error of kind kEnvironment when it is absent, and of kind kUsage
/// when `name` is not a plain file name. Both name `where`, the place in the spec.
std::filesystem::path find_given_weights(const std::string& name, const std::string& where,
                                         const std::vector<std::filesystem::path>& data_dirs);

/// Returns the Error for the first file among `sources` that is absent, for the spec `file`;
/// nothing when all are present.
std::optional<Error> absence_of_files(const std::vector<WeightsSource>& sources,
                                      const std::string& file,
                                      const std::vector<std::filesystem::path>& data_dirs);

}  // namespace mra
