#pragma once

#include "harness/weights/weight_tensor.h"

namespace mra {

/// Reads a tar archive of the first PyTorch (before 0.1.10). Throws an Error that names `file`.
WeightContents read_torch_tar(std::span<const std::byte> bytes, const std::string& file);

}  // namespace mra
