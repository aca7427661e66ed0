#pragma once

#include "harness/weights/weight_tensor.h"

namespace mra {

/// Reads a zip archive of torch.save (PyTorch 1.6 and later). Throws an Error that names `file`.
WeightContents read_torch_zip(std::span<const std::byte> bytes, const std::string& file);

}  // namespace mra
