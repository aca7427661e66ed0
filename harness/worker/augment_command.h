#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// The arguments of `harness augment`.
struct AugmentRequest {
  std::string method;
  std::vector<std::filesystem::path> images;
  std::filesystem::path output;   ///< a PNG
  std::string options = "{}";     ///< JSON, as in a spec
  std::filesystem::path weights;  ///< of an augmentor; may be empty
  int size_px = 0;                ///< size that the method sees; 0: its usual size
  int draws = 4;
  int64_t seed = 0;
};

/// Draws the originals beside several random results of the method. Returns the exit code.
int augment_pictures(const AugmentRequest& request);

}  // namespace mra
