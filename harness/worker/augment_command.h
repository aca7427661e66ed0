#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// What `harness augment` asks for.
struct AugmentRequest {
  std::string method;
  std::vector<std::filesystem::path> images;
  std::filesystem::path output;   ///< a PNG
  std::string options = "{}";     ///< JSON, as in a spec
  std::filesystem::path weights;  ///< of an augmentor; empty: none is given
  int size_px = 0;                ///< of the pictures as the method sees them; 0: its usual one
  int draws = 4;
  int64_t seed = 0;
};

/// Draws original and several draws of the method side by side. Gives the exit code.
int augment_pictures(const AugmentRequest& request);

}  // namespace mra
