#pragma once

#include <string>

namespace mra {

/// make_deterministic(precision), which is all with `determinism` "strict". Of attention, LibTorch
/// then uses only kernels whose backward pass is deterministic. With "fast", a GPU's kernels may
/// add in any order, and cuDNN tries which are fastest: the last bits may differ from run to run.
void choose_kernels(const std::string& determinism, const std::string& precision);

}  // namespace mra
