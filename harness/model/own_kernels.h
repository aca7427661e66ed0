#pragma once

#include <string>

#include <ATen/Version.h>
#include <torch/torch.h>

namespace mra {

/// Whether our own kernels can compute with this tensor: f32 values on the CPU, not under autocast.
bool suits_own_kernels(const torch::Tensor& tensor);

/// The one for the instructions that LibTorch uses here, or null.
template <typename Kernels>
const Kernels* of_this_processor(const Kernels& avx2, const Kernels& avx512) {
  static const std::string instructions = at::get_cpu_capability();
  if (instructions == "AVX512") return &avx512;
  return instructions == "AVX2" ? &avx2 : nullptr;
}

/// What memory of a thread is for: the piece that the thread itself computes, or what all threads
/// of its operation read or write.
enum class Scratch { kPiece, kWhole, kCount };

/// Memory for intermediate values of the calling thread, aligned to a cache line. Valid until the
/// thread's next call for the same use. It is kept, as it stays in the cache.
float* scratch_of_thread(Scratch use, int64_t floats);

}  // namespace mra
