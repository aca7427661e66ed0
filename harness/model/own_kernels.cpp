#include "harness/model/own_kernels.h"

#include <array>
#include <memory>
#include <vector>

#include <ATen/autocast_mode.h>

namespace mra {

bool suits_own_kernels(const torch::Tensor& tensor) {
  return tensor.is_cpu() && tensor.scalar_type() == torch::kFloat32 && tensor.numel() > 0 &&
         !at::autocast::is_autocast_enabled(torch::kCPU);
}

float* scratch_of_thread(Scratch use, int64_t floats) {
  constexpr size_t kCacheLine = 64;  // bytes
  thread_local std::array<std::vector<float>, size_t(Scratch::kCount)> by_use;
  auto& memory = by_use[size_t(use)];
  const size_t needed = size_t(floats) + kCacheLine / sizeof(float);
  if (memory.size() < needed) memory.resize(needed);
  void* start = memory.data();
  size_t bytes = memory.size() * sizeof(float);
  return static_cast<float*>(std::align(kCacheLine, size_t(floats) * sizeof(float), start, bytes));
}

}  // namespace mra
