#pragma once

#include <optional>
#include <string>

#include "harness/spec/json.h"

namespace mra {

// What a result depends on beside its spec: the contents of files. A record keeps them, under
// "inputs" of its environment, as a list of
//   {"policy": name or path, "sha256": of the file}
//   {"weights": path or "file:NAME", "sha256": of the file}
//   {"dataset": as in a spec, "sha256": of its manifest (data/manifest.h)}
// and those of the runs it starts from. A record that an older program wrote has no such list.

/// "policies/dada_imagenet.json", "data set imagenette96", …: an input in messages.
std::string input_name(const Json& input);

/// Adds an input to a list, once.
void add_input(Json& inputs, const Json& input);

/// The list of an environment; empty when it has none.
Json inputs_of(const Json& environment);

/// What inputs hold at present.
class Inputs {
 public:
  virtual ~Inputs() = default;
  /// SHA-256 of an input, whose own "sha256" is not looked at; nothing when it is not here.
  virtual std::optional<std::string> sha256(const Json& input) const = 0;

  /// Which of `inputs` are here with other contents: "measured with other contents of
  /// policies/dada_imagenet.json, data set flowers"; empty when none is.
  std::string difference(const Json& inputs) const;
};

}  // namespace mra
