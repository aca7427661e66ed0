#pragma once

#include "harness/weights/weight_tensor.h"

namespace mra {

/// Whether `bytes` begin as a file of read_torch_legacy() does.
bool is_torch_legacy(std::span<const std::byte> bytes);

/// What torch.save wrote as pickles with the raw storages behind them (PyTorch 0.1.10 to 1.5); an
/// Error that names `file`.
WeightContents read_torch_legacy(std::span<const std::byte> bytes, const std::string& file);

}  // namespace mra
