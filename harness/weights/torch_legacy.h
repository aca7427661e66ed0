#pragma once

#include "harness/weights/weight_tensor.h"

namespace mra {

/// Whether `bytes` start like a file that read_torch_legacy() reads.
bool is_torch_legacy(std::span<const std::byte> bytes);

/// Reads a file that torch.save wrote as pickles followed by the raw storages (PyTorch 0.1.10 to
/// 1.5). Throws an Error that names `file`.
WeightContents read_torch_legacy(std::span<const std::byte> bytes, const std::string& file);

}  // namespace mra
