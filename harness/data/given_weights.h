#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/spec/weights_source.h"

namespace mra {

/// A file of weights that others published, by the name a spec gives it: in one of `data_dirs` or
/// in its folder "weights". An Error of kind kEnvironment when none has it, and of kind kUsage when
/// `name` is more than the name of a file; both name `where`, the place in the spec.
std::filesystem::path find_given_weights(const std::string& name, const std::string& where,
                                         const std::vector<std::filesystem::path>& data_dirs);

/// The Error of the first file among `sources` that is not there, named in the spec `file`; nothing
/// when all are.
std::optional<Error> absence_of_files(const std::vector<WeightsSource>& sources,
                                      const std::string& file,
                                      const std::vector<std::filesystem::path>& data_dirs);

}  // namespace mra
