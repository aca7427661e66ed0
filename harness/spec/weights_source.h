#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Trained weights that a spec starts from: "run:EXPERIMENT", those of another experiment (its key
/// takes the place of its name when a spec is resolved), or "file:NAME", a file that others
/// published.
struct WeightsSource {
  enum class Kind { kRun, kFile };
  Kind kind = Kind::kRun;
  std::string name;  ///< what follows the colon
};

/// Nothing when `value` is neither.
std::optional<WeightsSource> weights_source(const std::string& value);
/// The value again, as a spec has it.
std::string text(const WeightsSource& source);

/// Every source of weights that `spec` names at any depth, in order, each once.
std::vector<WeightsSource> weights_sources(const Json& spec);

}  // namespace mra
