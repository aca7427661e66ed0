#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/data/image.h"

namespace mra {

// Files that the user names on the command line: weights and pictures.

/// Side of the usual input pictures of ImageNet networks, in pixels.
constexpr int kUsualSize_px = 224;

/// Reads pictures as central squares of `size_px`; the shorter side of each is not cropped.
std::vector<Image> read_squares(const std::vector<std::filesystem::path>& paths, int size_px);

}  // namespace mra
