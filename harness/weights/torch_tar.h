#pragma once

#include "harness/weights/weight_tensor.h"

namespace mra {

/// What the first PyTorch wrote as a tar archive (before 0.1.10); an Error that names `file`.
WeightContents read_torch_tar(std::span<const std::byte> bytes, const std::string& file);

}  // namespace mra
