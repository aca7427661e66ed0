#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/data/image.h"

namespace mra {

// Files that a command is given by name: weights and pictures.

/// Side of the pictures that ImageNet's networks see, in pixels.
constexpr int kUsualSize_px = 224;

/// Central squares of `size_px`, as in evaluation: the shorter side of each picture is all there.
std::vector<Image> read_squares(const std::vector<std::filesystem::path>& paths, int size_px);

}  // namespace mra
