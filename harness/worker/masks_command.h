#pragma once

#include <filesystem>
#include <vector>

namespace mra {

/// The arguments of `harness masks`.
struct MasksRequest {
  std::vector<std::filesystem::path> images;
  std::filesystem::path output;      ///< PNG file
  std::filesystem::path augmentor;   ///< weights of a pretraining run
  std::filesystem::path classifier;  ///< weights of the classifier that Grad-CAM explains
  int64_t seed = 0;                  ///< for the random masks
};

/// Draws Figure 2 for the given pictures. Returns the exit code.
int draw_masks(const MasksRequest& request);

}  // namespace mra
