#include "harness/train/determinism.h"

#include "harness/train/device.h"

namespace mra {

void choose_kernels(const std::string& determinism, const std::string& precision) {
  make_deterministic(precision);
  if (determinism == "strict") return;
  at::Context& context = at::globalContext();
  context.setDeterministicAlgorithms(false, /*warn_only=*/false);
  context.setDeterministicCuDNN(false);
  context.setDeterministicMkldnn(false);
  context.setBenchmarkCuDNN(true);
}

}  // namespace mra
