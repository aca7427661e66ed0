#pragma once

#include "harness/weights/weight_tensor.h"

namespace mra {

/// What torch.save wrote as a zip archive (PyTorch 1.6 and later); an Error that names `file`.
WeightContents read_torch_zip(std::span<const std::byte> bytes, const std::string& file);

}  // namespace mra
