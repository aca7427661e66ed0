#pragma once

#include <filesystem>
#include <vector>

namespace mra {

/// What `harness masks` asks for.
struct MasksRequest {
  std::vector<std::filesystem::path> images;
  std::filesystem::path output;      ///< a PNG
  std::filesystem::path augmentor;   ///< weights of a pretraining
  std::filesystem::path classifier;  ///< weights of a classifier, which looks at the results
  int64_t seed = 0;                  ///< of random masks
};

/// Draws Figure 2 of the pictures. Gives the exit code.
int draw_masks(const MasksRequest& request);

}  // namespace mra
